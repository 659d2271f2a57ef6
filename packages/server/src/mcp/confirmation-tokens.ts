// Tokens that say: this caller was asked about exactly this. Signed, for a quarter of an hour, taken once.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { encodeCanonicalJson, fromPlain } from '@quilt-mcp/core'
import { createSpentTokens, type SpentTokens } from './spent-tokens.js'

/** What a token was given for: a plan that a model shows to its user, or a question that the client itself puts to its user.
 * One is worth nothing as the other. */
export type TokenPurpose = 'plan' | 'question'

/** What exactly is confirmed. */
export interface TokenSubject {
  readonly purpose: TokenPurpose
  readonly tool: string
  readonly subject: Readonly<Record<string, unknown>>
}

/** `foreign`: altered, or given to another caller, for another tool, for other arguments, or for a state that has changed. */
export type Redemption = 'fits' | 'spent' | 'expired' | 'foreign'

/** Who may confirm: `ask` takes plan tokens from clients that cannot ask their user, `elicit` takes none. */
export type ConfirmationPolicy = 'ask' | 'elicit'

/** What the confirmations of a process share. */
export interface ConfirmationRules {
  readonly spent: SpentTokens
  readonly policy: ConfirmationPolicy
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Signs and takes the confirmation tokens of one caller. */
export interface ConfirmationTokens {
  readonly policy: ConfirmationPolicy
  sign(about: TokenSubject): string
  /** Takes a token. Only one that fits is spent by it. */
  redeem(token: string, about: TokenSubject): Redemption
}

const lifetimeMs = 15 * 60_000
const nonceBytes = 12

/** @param secret what only this caller and this server know: the caller's own access token, or a key of this process */
export function confirmationTokens(
  secret: string | Uint8Array,
  { spent, policy, now = Date.now }: ConfirmationRules = { spent: createSpentTokens(), policy: 'ask' },
): ConfirmationTokens {
  // Derived when a tool asks: hardly any call does.
  let derived: Buffer | undefined
  const key = () => (derived ??= createHmac('sha256', secret).update('quilt-mcp confirmation 2').digest())
  const signed = (stamp: string, { purpose, tool, subject }: TokenSubject): string => {
    const content = encodeCanonicalJson(fromPlain([purpose, tool, subject, stamp]))
    return `${stamp}.${createHmac('sha256', key()).update(content).digest('base64url')}`
  }
  return {
    policy,
    sign: (about) =>
      signed(`${randomBytes(nonceBytes).toString('base64url')}.${(now() + lifetimeMs).toString(36)}`, about),
    redeem(token, about) {
      const [, stamp, expiry] = /^([\w-]+\.([0-9a-z]+))\.[\w-]+$/.exec(token) ?? []
      if (stamp === undefined || expiry === undefined || !sameText(token, signed(stamp, about))) return 'foreign'
      const expiresAtMs = Number.parseInt(expiry, 36)
      if (expiresAtMs <= now()) return 'expired'
      return spent.spend(token, expiresAtMs) ? 'fits' : 'spent'
    },
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
