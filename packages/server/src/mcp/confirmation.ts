// Nothing is removed or replaced before the user said so. A client that can ask its user is made to ask (elicitation);
// any other gets the plan and a token, and repeats the call with it. Both are bound to the caller, to the arguments, and to the state
// that the question was about; both are taken once.
import { createHash } from 'node:crypto'
import { encodeCanonicalJson, fromPlain, QuiltError } from '@quilt-mcp/core'
import type { ConfirmationTokens, Redemption } from './confirmation-tokens.js'
import type { ConfirmationQuestion } from './define-tool.js'

/** Asks the user before something is removed or replaced. */
export type Confirm = (question: ConfirmationQuestion) => Promise<void>

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

/** The `confirm` of one call. Returns when the user confirmed exactly this; fails closed.
 * @throws {QuiltError} `conflict` with the plan and a token; `forbidden` when the user declined, or nobody can be asked
 * @throws {ConfirmationNeeded} when the client must ask its user first */
export function confirmer({ tool, tokens, elicitation }: ConfirmationChannel): Confirm {
  return async ({ message, subject, token }) => {
    if (elicitation === undefined) {
      if (tokens.policy === 'elicit') throw cannotAsk(message)
      const about = { purpose: 'plan', tool, subject } as const
      const redemption = token === undefined ? 'missing' : tokens.redeem(token, about)
      if (redemption === 'fits') return
      throw plan(message, tokens.sign(about), reasons[redemption])
    }
    if (elicitation.answer === 'declined') {
      throw new QuiltError('forbidden', 'the user declined; nothing was changed', {
        hint: 'Ask the user what they want instead.',
      })
    }
    const about = { purpose: 'question', tool, subject } as const
    const { answer, state } = elicitation
    if (answer === 'accepted' && state !== undefined && tokens.redeem(state, about) === 'fits') return
    throw new ConfirmationNeeded(message, tokens.sign(about))
  }
}

/** Binds what is confirmed to the arguments of the call, the confirmation itself left out. */
export function boundToArguments(
  confirm: Confirm,
  { confirm: _, ...args }: Readonly<Record<string, unknown>>,
): Confirm {
  return (question) => confirm({ ...question, subject: { arguments: digestOf(args), state: { ...question.subject } } })
}

const digestOf = (args: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(encodeCanonicalJson(fromPlain(args)))
    .digest('base64url')

const reasons: Readonly<Record<Exclude<Redemption, 'fits'> | 'missing', string>> = {
  missing: '',
  spent: 'the confirmation was used already: each is good for one call. ',
  expired: 'the confirmation has expired: it is good for a quarter of an hour. ',
  foreign:
    'the confirmation does not fit: it was given for other arguments, or the state it was given for has changed. ',
}

function plan(message: string, token: string, reason: string): QuiltError {
  return new QuiltError('conflict', `${reason}Needs confirmation: ${message}`, {
    hint: 'Nothing was changed. Show this plan to the user; when they agree, repeat the call with `confirm` set to details.confirm.',
    details: { confirm: token, plan: message },
  })
}

const cannotAsk = (message: string): QuiltError =>
  new QuiltError('forbidden', `needs confirmation, which this server takes only from a user who is asked: ${message}`, {
    hint: 'Nothing was changed. Use a client that can ask its user (MCP elicitation), or the web catalog. The setting --confirm says so.',
    details: { plan: message, reason: 'client-cannot-ask' },
  })
