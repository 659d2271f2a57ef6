// How large a query may be, also one that is put together of several.
import { QuiltError } from '../errors.js'
import type { Query } from './ast.js'

/** Words, phrases and fields of one query. */
export const mostTerms = 500

/** Refuses a query with more terms than any engine takes. @throws {QuiltError} `invalid_input` */
export function checkTerms(query: Query): void {
  const terms = countTerms(query)
  if (terms <= mostTerms) return
  throw new QuiltError('invalid_input', `the search has ${terms} terms`, {
    hint: `Ask with at most ${mostTerms}, filters included; search more than once for a long list.`,
    details: { terms },
  })
}

function countTerms(query: Query): number {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.reduce((sum, one) => sum + countTerms(one), 0)
  if (query.kind === 'not') return countTerms(query.operand)
  return query.kind === 'all' ? 0 : 1
}
