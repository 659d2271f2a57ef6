// The one line that the log has for each call, whatever becomes of it; of a defect, one more that says where it is.
import type { QuiltError } from '@quilt-mcp/core'
import type { Log } from '../context/log.js'
import type { CallOutcome, LogFields } from '../context/log-fields.js'
import type { Caller } from './caller.js'

export interface CallLine {
  /** Adds what became known of the call. */
  about(facts: Pick<LogFields, 'tool' | 'resource' | 'backend'>): void
  /** Writes the line. */
  write(message: 'tool call' | 'resource read', outcome: CallOutcome): void
  /** Writes where a defect is, under the reference that the client is told; nothing of errors that are none. */
  defect(error: QuiltError): void
}

/** Begins the line of a call: its time runs from here. */
export function callLine(
  log: Log,
  { principal }: Pick<Caller, 'principal'>,
  { requestId }: { readonly requestId: string },
): CallLine {
  const started = performance.now()
  let facts: Pick<LogFields, 'tool' | 'resource' | 'backend'> = {}
  return {
    about(more) {
      facts = { ...facts, ...more }
    },
    write(message, outcome) {
      log.info({ ...facts, ms: Math.round(performance.now() - started), outcome, requestId, principal }, message)
    },
    defect(error) {
      if (error.code !== 'internal') return
      log.error(
        { ...facts, requestId, reference: error.details?.reference, error: error.cause },
        'the server failed in a way it does not know',
      )
    },
  }
}
