// The one line that the log has for each call, whatever becomes of it; of a defect, one more that says where it is.
import type { QuiltError } from '@quilt-mcp/core'
import type { Log } from '../context/log.js'
import type { CallOutcome, LogFields } from '../context/log-fields.js'
import { LoggedName } from '../context/logged-name.js'
import type { Caller } from './caller.js'

export interface CallLine {
  /** Adds what became known of the call. */
  about(facts: Pick<LogFields, 'tool' | 'resource' | 'backend'>): void
  /** Writes the line. */
  write(message: 'tool call' | 'resource read' | 'completion', outcome: CallOutcome): void
  /** Writes where a defect is, under the reference that the client is told; nothing of errors that are none. */
  defect(error: QuiltError): void
}

/** A tool call that ended, for counters. */
export interface ObservedCall {
  /** Our own name of it, or `<unknown>`. */
  readonly tool: string
  /** Absent: the call failed before it had one. */
  readonly backend?: string | undefined
  readonly outcome: CallOutcome
  readonly ms: number
}

/** Begins the line of a call: its time runs from here. */
export function callLine(
  { log, observe }: { readonly log: Log; observe?(call: ObservedCall): void },
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
      const ms = performance.now() - started
      // Completions come with every key that is pressed.
      const level = message === 'completion' ? 'debug' : 'info'
      log[level]({ ...facts, ms: Math.round(ms), outcome, requestId, principal }, message)
      const tool = LoggedName.textOf(facts.tool)
      if (tool !== undefined) observe?.({ tool, backend: facts.backend, outcome, ms })
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
