// Nothing is removed or replaced before the user said so. A client that can ask its user is made to ask (elicitation);
// any other gets the plan and a token, and repeats the call with it. Both are bound to the state the question was about.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { encodeCanonicalJson, fromPlain, QuiltError } from '@quilt-mcp/core'
import type { ConfirmationQuestion } from './define-tool.js'

/** Signs and checks confirmation tokens for one caller. */
export interface ConfirmationTokens {
  sign(tool: string, subject: Readonly<Record<string, unknown>>): string
  /** Whether the token was signed for this tool and subject, ten to twenty minutes ago at most. */
  holds(token: string, tool: string, subject: Readonly<Record<string, unknown>>): boolean
}

/** What the client's user answered: `missing` before the question was asked. */
export type Answer = 'missing' | 'accepted' | 'declined'

export interface ConfirmationChannel {
  readonly tool: string
  readonly tokens: ConfirmationTokens
  /** Absent: the client cannot ask its user. */
  readonly elicitation?: { readonly answer: Answer; readonly state?: string | undefined } | undefined
}

/** Thrown through a tool when its question must first go to the user; mcp/server.ts makes the input_required result of it. */
export class ConfirmationNeeded extends Error {
  override readonly name = 'ConfirmationNeeded'
  readonly question: string
  /** Comes back with the answer. */
  readonly state: string

  constructor(question: string, state: string) {
    super('a confirmation is needed')
    this.question = question
    this.state = state
  }
}

const windowSeconds = 600

/** @param secret what only this caller and this server know: the caller's own access token, or a key of this process */
export function confirmationTokens(secret: string | Uint8Array, now: () => number = Date.now): ConfirmationTokens {
  // Derived when a tool asks: hardly any call does.
  let derived: Buffer | undefined
  const key = () => (derived ??= createHmac('sha256', secret).update('quilt-mcp confirmation 1').digest())
  const signAt = (window: number, tool: string, subject: Readonly<Record<string, unknown>>): string =>
    createHmac('sha256', key())
      .update(encodeCanonicalJson(fromPlain([tool, subject, window])))
      .digest('base64url')
  const currentWindow = () => Math.floor(now() / 1000 / windowSeconds)
  return {
    sign: (tool, subject) => signAt(currentWindow(), tool, subject),
    holds: (token, tool, subject) => {
      const window = currentWindow()
      return [window, window - 1].map((one) => sameText(token, signAt(one, tool, subject))).includes(true)
    },
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The `confirm` of one call. Returns when the user confirmed exactly this; fails closed.
 * @throws {QuiltError} `conflict` with the plan and a token; `forbidden` when the user declined
 * @throws {ConfirmationNeeded} when the client must ask its user first */
export function confirmer({
  tool,
  tokens,
  elicitation,
}: ConfirmationChannel): (question: ConfirmationQuestion) => Promise<void> {
  return async ({ message, subject, token }) => {
    if (token !== undefined) {
      if (tokens.holds(token, tool, subject)) return
      throw plan(
        message,
        tokens.sign(tool, subject),
        'the confirmation does not fit: it has expired, or the state it was given for has changed. ',
      )
    }
    if (elicitation === undefined) throw plan(message, tokens.sign(tool, subject), '')
    if (elicitation.answer === 'declined') {
      throw new QuiltError('forbidden', 'the user declined; nothing was changed', {
        hint: 'Ask the user what they want instead.',
      })
    }
    const isAboutThis = elicitation.state !== undefined && tokens.holds(elicitation.state, tool, subject)
    if (elicitation.answer === 'accepted' && isAboutThis) return
    throw new ConfirmationNeeded(message, tokens.sign(tool, subject))
  }
}

function plan(message: string, token: string, reason: string): QuiltError {
  return new QuiltError('conflict', `${reason}Needs confirmation: ${message}`, {
    hint: 'Nothing was changed. Show this plan to the user; when they agree, repeat the call with `confirm` set to details.confirm.',
    details: { confirm: token, plan: message },
  })
}
