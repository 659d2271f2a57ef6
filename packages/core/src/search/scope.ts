// Which fields a search can name.
import { QuiltError } from '../errors.js'
import type { Query } from '../query/ast.js'
import { type SearchScope, searchFields } from '../query/fields.js'

/** Refuses a query that names a field which is not there. @throws {QuiltError} `invalid_input` with the scopes that have it */
export function checkScope(query: Query, scope: SearchScope): void {
  if (query.kind === 'and' || query.kind === 'or') for (const operand of query.operands) checkScope(operand, scope)
  if (query.kind === 'not') checkScope(query.operand, scope)
  if (query.kind !== 'field') return
  const scopes: readonly SearchScope[] = searchFields[query.field].scopes
  if (scopes.includes(scope)) return
  throw new QuiltError('invalid_input', `${scope} cannot be searched by ${query.field}`, {
    hint: `Search ${scopes.join(' or ')} by it, or leave it out.`,
    details: { field: query.field, scopes, from: query.span.from, end: query.span.end },
  })
}
