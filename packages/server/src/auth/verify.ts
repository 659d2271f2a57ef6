// Asks the registry whether a token is good, and remembers the answer for a moment.
import { QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import { tokenKey } from './token-key.js'

export interface TokenVerifier {
  /** Resolves when the token is good.
   * @throws {QuiltError} `unauthenticated` when it is not; `upstream`, `timeout` or `rate_limited` when the registry does not say */
  verify(token: string): Promise<void>
  /** Forgets what is known of a token: the next request asks again. */
  forget(token: string): void
}

export interface VerifierDeps {
  /** Asks the registry. Undefined: the token is unknown, expired or revoked. Rejects when there is no answer. */
  check(token: string): Promise<unknown>
  /** Told when a token is no longer good. */
  onInvalid?(token: string): void
  /** Milliseconds, growing. For tests. */
  readonly now?: () => number
}

const goodForMs = 60_000
const badForMs = 5_000
const mostTokens = 10_000

/** A verifier with a bounded memory: good tokens for 60 s, bad ones for 5 s; requests that come meanwhile share one question. */
export function createTokenVerifier({ check, onInvalid, now = Date.now }: VerifierDeps): TokenVerifier {
  const known = new LRUCache<string, { readonly good: boolean; readonly until: number }>({ max: mostTokens })
  const asking = new Map<string, Promise<boolean>>()

  const ask = async (token: string, key: string): Promise<boolean> => {
    const good = (await check(token)) !== undefined
    known.set(key, { good, until: now() + (good ? goodForMs : badForMs) })
    if (!good) onInvalid?.(token)
    return good
  }

  return {
    async verify(token) {
      const key = tokenKey(token)
      const answer = known.get(key)
      if (answer && answer.until > now()) return settle(answer.good)
      let question = asking.get(key)
      if (!question) {
        question = ask(token, key).finally(() => asking.delete(key))
        asking.set(key, question)
      }
      settle(await question)
    },
    forget(token) {
      known.delete(tokenKey(token))
    },
  }
}

function settle(good: boolean): void {
  if (good) return
  throw new QuiltError('unauthenticated', 'the token is unknown, expired or revoked', {
    hint: 'Sign in to the catalog again, or make a new API key there, and send it as `Authorization: Bearer <token>`.',
  })
}
