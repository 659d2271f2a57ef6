import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Query } from '../query/ast.js'
import type { SearchScope } from '../query/fields.js'
import { formatQuery } from '../query/format.js'
import { parseQuery } from '../query/parse.js'
import { anyDocument, anyQuery } from '../test/arbitrary-query.js'
import { nowMs } from '../test/searched-documents.js'
import type { SearchDocument } from './document.js'
import { matchesQuery } from './matches.js'

describe('AND, OR and NOT', () => {
  const scope = fc.constantFrom<SearchScope>('packages', 'entries', 'objects')
  const matches = (query: Query, document: SearchDocument, of: SearchScope) =>
    matchesQuery(query, document, { scope: of, nowMs })
  const span = { from: 0, end: 0 }

  it('are intersection, union and complement', () => {
    fc.assert(
      fc.property(fc.tuple(anyQuery, anyQuery), anyDocument, scope, ([a, b], document, of) => {
        const [isA, isB] = [matches(a, document, of), matches(b, document, of)]
        expect(matches({ kind: 'not', operand: a, span }, document, of)).toBe(!isA)
        expect(matches({ kind: 'and', operands: [a, b], span }, document, of)).toBe(isA && isB)
        expect(matches({ kind: 'or', operands: [a, b], span }, document, of)).toBe(isA || isB)
      }),
      { numRuns: 1_000 },
    )
  })

  it('mean the same when the query is written out and read again', () => {
    fc.assert(
      fc.property(anyQuery, anyDocument, scope, (query, document, of) => {
        expect(matches(parseQuery(formatQuery(query)), document, of)).toBe(matches(query, document, of))
      }),
      { numRuns: 1_000 },
    )
  })
})
