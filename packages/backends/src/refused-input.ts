// The error for input in which several things may be wrong: all are named.
import { type JsonObject, QuiltError, toPlain } from '@quilt-mcp/core'

/** One thing that is wrong. */
export interface InputProblem {
  /** Where: `src.entries.3`. */
  readonly path?: string | undefined
  /** A name of formats.md 7.4. */
  readonly name: string
  readonly message: string
  readonly context?: JsonObject | null | undefined
}

const mostInMessage = 10
const mostInDetails = 100

/** @param attempt what was tried: `Making a revision` */
export function refusedInput(attempt: string, problems: readonly InputProblem[]): QuiltError {
  const lines = problems
    .slice(0, mostInMessage)
    .map(({ path, message }) => (path === undefined ? message : `${path}: ${message}`))
  const more = problems.length > lines.length ? `; and ${problems.length - lines.length} more` : ''
  return new QuiltError('invalid_input', `${attempt}: the registry refused the input: ${lines.join('; ')}${more}`, {
    hint: 'Correct what is named, then try again; nothing was changed.',
    details: {
      errors: problems
        .slice(0, mostInDetails)
        .map((problem) => ({ ...problem, context: problem.context ? toPlain(problem.context) : undefined })),
    },
  })
}
