// The order of hits is held against core's scores and the ties of decision 0012, and pages against the whole.
import {
  compareCodePoints,
  matchesQuery,
  type Query,
  type SearchRequest,
  type SearchScope,
  scoreOf,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BucketIndex } from '../bucket-index.js'
import { catalogue, query } from '../test/arbitrary-search.js'
import { everyCost } from '../test/every-cost.js'
import { documentsOf, type FoundDocument, filledIndex, idOf } from '../test/filled-index.js'
import { searchIndexes } from './search-indexes.js'

const nowMs = Date.UTC(2025, 0, 4)
const costs = fc.constantFrom(...everyCost)
const twoBuckets = fc.tuple(catalogue('lab-data'), catalogue('other'))

async function inIndexes<T>(
  of: Parameters<typeof filledIndex>[0][],
  work: (indexes: BucketIndex[]) => Promise<T>,
): Promise<T> {
  const indexes = of.map(filledIndex)
  try {
    return await work(indexes)
  } finally {
    for (const index of indexes) index.close()
  }
}

/** The best first; then the newest, or by name and key. */
function meantOrder(query: Query, scope: SearchScope): (a: FoundDocument, b: FoundDocument) => number {
  const text = (a: string | undefined, b: string | undefined): number => compareCodePoints(a ?? '', b ?? '')
  const newest = ({ document: { modifiedMs = Number.NEGATIVE_INFINITY } }: FoundDocument): number => modifiedMs
  const score = ({ document }: FoundDocument): number => scoreOf(query, document, { scope })
  return (a, b) => {
    const [of, and] = [a.document, b.document]
    const ties = {
      packages: [Math.sign(newest(b) - newest(a)) || 0, text(of.name, and.name), text(of.bucket, and.bucket)],
      entries: [text(of.name, and.name), text(of.bucket, and.bucket), a.at - b.at],
      objects: [text(of.key, and.key), text(of.bucket, and.bucket)],
    }[scope]
    return [score(b) - score(a), ...ties, text(of.hash, and.hash)].find((one) => one !== 0) ?? 0
  }
}

describe.each(['packages', 'entries', 'objects'] as const)('the order of %s', (scope) => {
  it('is by score, then the same in every index', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(twoBuckets, query(scope), costs), async ([buckets, asked, cost]) => {
        const meant = buckets
          .flatMap((one) => documentsOf(one)[scope])
          .filter(({ isLatest, document }) => isLatest && matchesQuery(asked, document, { scope, nowMs }))
          .toSorted(meantOrder(asked, scope))
        const { hits } = await inIndexes(buckets, (indexes) =>
          searchIndexes(indexes, { scope, query: asked, limit: 1_000 }, { nowMs, costs: cost }),
        )
        expect(hits.map(idOf)).toEqual(meant.map(({ id }) => id))
      }),
      { numRuns: 80 },
    )
  })

  it('is the same in pages, which every copy of an index goes on from', async () => {
    const orders = {
      packages: ['name', 'modified', 'size', 'entries', 'hash', 'workflow', 'meta'],
      entries: ['name', 'key', 'modified', 'size', 'hash', 'workflow', 'meta'],
      objects: ['key', 'modified', 'size'],
    } as const
    const order = fc.option(
      fc.record({
        by: fc.constantFrom<(typeof orders)[SearchScope][number]>(...orders[scope]),
        direction: fc.constantFrom('asc' as const, 'desc' as const),
        path: fc.constantFrom('/a', '/rna/a'),
      }),
      { nil: undefined },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(twoBuckets, query(scope), order, fc.integer({ min: 1, max: 4 })),
        async ([buckets, asked, by, limit]) => {
          const request: SearchRequest = { scope, query: asked, order: by, allRevisions: true }
          const whole = await inIndexes(buckets, (indexes) =>
            searchIndexes(indexes, { ...request, limit: 1_000 }, { nowMs }),
          )
          const paged: string[] = []
          let cursor: string | undefined
          do {
            const next = { ...request, limit, cursor }
            const page = await inIndexes(buckets.toReversed(), (indexes) => searchIndexes(indexes, next, { nowMs }))
            expect(page.total).toBe(whole.total)
            paged.push(...page.hits.map(idOf))
            expect(paged.length).toBeLessThanOrEqual(whole.hits.length)
            cursor = page.cursor
          } while (cursor !== undefined)
          expect(paged).toEqual(whole.hits.map(idOf))
        },
      ),
      { numRuns: 30 },
    )
  })
})
