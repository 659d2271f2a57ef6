// Searching is held against the meaning of queries: the same set, in the order of `scoreOf`, on random catalogues.
import { formatQuery, matchesQuery, type Query, type SearchScope } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, query } from '../test/arbitrary-search.js'
import { type Catalogue, documentsOf, filledIndex, idOf } from '../test/filled-index.js'
import { searchIndexes } from './search-indexes.js'

const nowMs = Date.UTC(2025, 0, 4)

async function found(of: Catalogue, scope: SearchScope, asked: Query, allRevisions: boolean) {
  const index = filledIndex(of)
  try {
    return await searchIndexes([index], { scope, query: asked, allRevisions, limit: 1_000 }, { nowMs })
  } finally {
    index.close()
  }
}

describe.each(['packages', 'entries', 'objects'] as const)('searching %s', (scope) => {
  it('finds what a query means, and counts it', async () => {
    const search = fc.tuple(catalogue(), query(scope), fc.boolean())
    await fc.assert(
      fc.asyncProperty(search, async ([of, asked, allRevisions]) => {
        const meant = documentsOf(of)
          [scope].filter(({ isLatest }) => isLatest || allRevisions)
          .filter(({ document }) => matchesQuery(asked, document, { scope, nowMs }))
        const { hits, total } = await found(of, scope, asked, allRevisions)
        expect(hits.map(idOf).toSorted(), formatQuery(asked)).toEqual(meant.map(({ id }) => id).toSorted())
        expect(total).toBe(meant.length)
      }),
      { numRuns: 200 },
    )
  })
})
