// The only place that dresses errors for clients: one shape, in the structure and in the text.
import { randomUUID } from 'node:crypto'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'
import { type Surface, wordsFor } from './surface.js'

/** What a client is told about an error. */
export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly retryable: boolean
  readonly details?: Readonly<Record<string, unknown>>
  readonly nextTools?: readonly string[]
}

/** Any thrown value as a QuiltError. What is not one is a defect: `internal` with a reference id, the cause for the log only.
 * @param signal of the call: what is thrown after its abort is the abort's reason, whatever its form */
export function asQuiltError(thrown: unknown, signal?: AbortSignal): QuiltError {
  if (thrown instanceof QuiltError) return thrown.code === 'internal' ? withReference(thrown) : thrown
  if (thrown instanceof Error && thrown.name === 'TimeoutError') {
    return new QuiltError('timeout', 'there was no answer in time', {
      hint: 'Try again; look first whether a change was made.',
      cause: thrown,
    })
  }
  if (signal?.aborted === true || (thrown instanceof Error && thrown.name === 'AbortError')) {
    return new QuiltError('timeout', 'the call was cancelled before it ended', {
      hint: 'Call again if it is still wanted; look first whether a change was made.',
      cause: thrown,
    })
  }
  return withReference(new QuiltError('internal', 'the server failed in a way it does not know', { cause: thrown }))
}

function withReference(error: QuiltError): QuiltError {
  if (error.details?.reference !== undefined) return error
  return new QuiltError('internal', error.message, {
    hint: error.hint ?? 'Report this defect with the reference id; the server log has the cause under it.',
    details: { ...error.details, reference: randomUUID() },
    cause: error.cause ?? error,
  })
}

/** What a client is told: no cause, no stack. */
export function errorBody(error: QuiltError, surface: Surface = 'ours'): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: wordsFor(surface, error.hint) }),
    retryable: error.retryable,
    ...(error.details !== undefined && { details: error.details }),
    ...(error.nextTools !== undefined &&
      error.nextTools.length > 0 && {
        nextTools: error.nextTools.map((name) => wordsFor(surface, name)),
      }),
  }
}

/** The result of a call that failed. */
export function errorResult(error: QuiltError, surface: Surface): CallToolResult {
  const structure = { error: errorBody(error, surface) }
  return { isError: true, content: [{ type: 'text', text: JSON.stringify(structure) }], structuredContent: structure }
}
