// Searching is held against the meaning of queries: the same set, in the order of `scoreOf`, on random catalogues.
import { formatQuery, matchesQuery, type Query, type SearchScope } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, query } from '../test/arbitrary-search.js'
import { everyCost } from '../test/every-cost.js'
import { type Catalogue, documentsOf, filledIndex, idOf } from '../test/filled-index.js'
import type { Costs } from './meaning.js'
import { searchIndexes } from './search-indexes.js'

const nowMs = Date.UTC(2025, 0, 4)

async function found(of: Catalogue, scope: SearchScope, asked: Query, allRevisions: boolean, costs: Costs) {
  const index = filledIndex(of)
  try {
    return await searchIndexes([index], { scope, query: asked, allRevisions, limit: 1_000 }, { nowMs, costs })
  } finally {
    index.close()
  }
}

describe.each(['packages', 'entries', 'objects'] as const)('searching %s', (scope) => {
  it('finds what a query means, and counts it', async () => {
    const search = fc.tuple(catalogue(), query(scope), fc.boolean(), fc.constantFrom(...everyCost))
    await fc.assert(
      fc.asyncProperty(search, async ([of, asked, allRevisions, cost]) => {
        const meant = documentsOf(of)
          [scope].filter(({ isLatest }) => isLatest || allRevisions)
          .filter(({ document }) => matchesQuery(asked, document, { scope, nowMs }))
        const { hits, total } = await found(of, scope, asked, allRevisions, cost)
        expect(hits.map(idOf).toSorted(), formatQuery(asked)).toEqual(meant.map(({ id }) => id).toSorted())
        expect(total).toBe(meant.length)
      }),
      { numRuns: 200 },
    )
  })
})
