// What a limit answers in place of the work that was asked for.
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'
import { errorBody } from '../../mcp/error.js'

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 408 | 413 | 415 | 417 | 429 | 431 | 500 | 503
  readonly error: QuiltError
  /** Beside those of every answer. */
  readonly headers: Readonly<Record<string, string>>
}

/** Gives back what was taken. Calling it again changes nothing. */
export type Leave = () => void

/** Whether a limit said no. */
export const isRefusal = (entered: Leave | Refusal): entered is Refusal => typeof entered !== 'function'

/** Too much at once or in a minute. @param waitMs milliseconds until it is worth trying again */
export function tooMuch(status: 429 | 503, message: string, waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return {
    status,
    error: new QuiltError('rate_limited', message, {
      hint: `Try again in ${seconds} s.`,
      details: { retryAfterSeconds: seconds },
    }),
    headers: { 'Retry-After': String(seconds) },
  }
}

/** A request that is not understood, or of a form or size that is not taken. Its connection ends with the answer: what follows on it
 * may be the rest of the request. */
export function notTaken(status: Refusal['status'], code: ErrorCode, message: string, hint: string): Refusal {
  return { status, error: new QuiltError(code, message, { hint }), headers: { Connection: 'close' } }
}

/** The body of the answer, JSON. */
export const refusalText = ({ error }: Refusal): string => JSON.stringify({ error: errorBody(error) })
