// Asks the registry of a stack whether a token is good, and remembers the answer for a moment.

import type { StackUrls } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import { claimedExpiryMs } from './token-expiry.js'
import { tokenKey } from './token-key.js'

/** What a registry knows of who a token belongs to. */
export interface RegistryUser {
  readonly name: string
  /** The one that is active now. */
  readonly role: string
}

/** A token that a request brought. */
export interface PresentedToken {
  readonly token: string
  /** `tokenKey` of it. */
  readonly key: string
  /** Whose registry is to know it. */
  readonly stack: StackUrls
  /** Called before the registry is asked; what it throws is thrown. */
  readonly mayAsk?: (() => void) | undefined
}

export interface RegistryVerifier {
  /** Whose token it is.
   * @throws {QuiltError} `unauthenticated` when it is not good; `upstream`, `timeout` or `rate_limited` when the registry does not say */
  verify(presented: PresentedToken): Promise<RegistryUser>
  /** Forgets what is known of a token at every stack: the next request asks again. */
  forget(token: string): void
}

export interface RegistryVerifierDeps {
  /** Asks the registry. Undefined: the token is unknown, expired or revoked. Rejects when there is no answer. */
  check(token: string, stack: StackUrls): Promise<RegistryUser | undefined>
  /** Told when a token is no longer good. */
  onInvalid?(token: string): void
  /** Told when the user of a token is in another role than when the registry was asked before, as far as that is remembered: what was got
   * in the other role is not to be used any longer. */
  onOtherRole?(token: string, stack: StackUrls): void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

interface Answer {
  readonly user: RegistryUser | undefined
  readonly until: number
}

const goodForMs = 60_000
const badForMs = 5_000
const mostTokens = 10_000

/** A verifier with a bounded memory: good tokens for 60 s and never past their end, bad ones for 5 s; requests that come meanwhile
 * share one question. */
export function createRegistryVerifier({
  check,
  onInvalid,
  onOtherRole,
  now = Date.now,
}: RegistryVerifierDeps): RegistryVerifier {
  const answers = new LRUCache<string, Answer>({ max: mostTokens })
  const asking = new Map<string, Promise<Answer>>()
  // A token that was forgotten while it was asked about: that answer is not kept.
  let forgotten = 0

  const ask = async (token: string, stack: StackUrls, key: string): Promise<Answer> => {
    const asked = forgotten
    const user = await check(token, stack)
    const until = user === undefined ? now() + badForMs : Math.min(now() + goodForMs, claimedExpiryMs(token))
    const answer = { user, until }
    if (user !== undefined && answers.peek(key)?.user?.role !== user.role) onOtherRole?.(token, stack)
    if (asked === forgotten) answers.set(key, answer)
    if (user === undefined) onInvalid?.(token)
    return answer
  }
  const answerOf = ({ token, key: ofToken, stack, mayAsk }: PresentedToken): Promise<Answer> | Answer => {
    const key = `${ofToken} ${stack.registryUrl ?? ''} ${stack.catalogUrl ?? ''}`
    const known = answers.get(key)
    if (known && known.until > now()) return known
    const asked = asking.get(key)
    if (asked) return asked
    mayAsk?.()
    const question = ask(token, stack, key).finally(() => asking.delete(key))
    asking.set(key, question)
    return question
  }

  return {
    async verify(presented) {
      const { user } = await answerOf(presented)
      if (user !== undefined) return user
      throw badToken()
    },
    forget(token) {
      forgotten++
      const prefix = tokenKey(token)
      for (const key of [...answers.keys()]) if (key.startsWith(prefix)) answers.delete(key)
    },
  }
}

/** The same for every token that is not good. */
export function badToken(): QuiltError {
  return new QuiltError('unauthenticated', 'the token is unknown, expired or revoked', {
    hint: 'Sign in to the catalog again, or make a new API key there, and send it as `Authorization: Bearer <token>`.',
  })
}
