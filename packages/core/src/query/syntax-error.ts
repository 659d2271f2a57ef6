// What is wrong with a query, where, and what to write instead.
import { QuiltError } from '../errors.js'
import type { Span } from './ast.js'

export interface SyntaxProblem {
  /** What is wrong, to follow "character 7: ". */
  readonly says: string
  /** What to write instead, as a sentence. */
  readonly fix: string
  readonly span: Span
  /** The whole query, repaired, where that is clear. */
  readonly suggestion?: string | undefined
}

/** The error for a query that cannot be read. `details` has `from`, `end` (UTF-16 indexes) and `suggestion`. */
export function syntaxError({ says, fix, span, suggestion }: SyntaxProblem): QuiltError {
  const instead = suggestion === undefined ? '' : ` Try: ${suggestion}`
  return new QuiltError('invalid_input', `the query, character ${span.from + 1}: ${says}`, {
    hint: `${fix}${instead}`,
    details: { from: span.from, end: span.end, ...(suggestion === undefined ? {} : { suggestion }) },
  })
}
