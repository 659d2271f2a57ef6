// The confirmations that were used, until they expire: each is taken once.

/** Remembers used tokens for as long as they could be shown again. */
export interface SpentTokens {
  /** Marks a token as used. False: it was before. */
  spend(token: string, expiresAtMs: number): boolean
}

/** A process confirms less in a quarter of an hour; each takes about 200 bytes. */
const mostKept = 100_000

/** In the memory of this process, bounded. Where more are used than fit, the oldest are forgotten: they are worth nothing without their
 * caller's own credential, and the state that they were given for has changed since. */
export function createSpentTokens({ now = Date.now, max = mostKept }: SpentOptions = {}): SpentTokens {
  const expiries = new Map<string, number>()
  return {
    spend(token, expiresAtMs) {
      if (expiries.has(token)) return false
      for (const [oldest, expiry] of expiries) {
        if (expiry > now() && expiries.size < max) break
        expiries.delete(oldest)
      }
      expiries.set(token, expiresAtMs)
      return true
    },
  }
}

interface SpentOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly max?: number
}
