// What the exit status of the command says.
import { type ErrorCode, QuiltError } from '@quilt-mcp/core'

/** 0: done. 1: the tool or command failed. 2: the command line is wrong. 3: not signed in, or no service answers. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unavailable: 3 } as const

/** The command line itself is wrong. */
export class UsageError extends QuiltError {
  constructor(message: string, hint: string) {
    super('invalid_input', message, { hint })
  }
}

const unavailable: ReadonlySet<ErrorCode> = new Set(['unauthenticated', 'upstream', 'timeout', 'rate_limited'])

/** The exit status for a code. */
export const exitCodeOf = (code: ErrorCode): number =>
  unavailable.has(code) ? exitCodes.unavailable : exitCodes.failed
