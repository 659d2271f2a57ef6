// Facets of columns are held against what the found documents say of themselves.
import {
  type Facet,
  type FacetRequest,
  fileExtension,
  formatQuery,
  matchesQuery,
  type Query,
  type SearchDocument,
  type SearchScope,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, query } from '../test/arbitrary-search.js'
import { everyCost } from '../test/every-cost.js'
import { documentsOf, filledIndex } from '../test/filled-index.js'
import { searchIndexes } from './search-indexes.js'

const nowMs = Date.UTC(2025, 0, 4)
const everything: Query = { kind: 'all', span: { from: 0, end: 0 } }
const facetsOf: Readonly<Record<SearchScope, readonly FacetRequest[]>> = {
  packages: [{ field: 'workflow' }, { field: 'size' }, { field: 'modified' }, { field: 'entries' }],
  entries: [{ field: 'ext' }, { field: 'size' }, { field: 'modified' }, { field: 'workflow' }],
  objects: [{ field: 'modified' }, { field: 'ext' }, { field: 'size' }],
}

/** What a facet is to say of documents. */
function meantFacet(of: FacetRequest, documents: readonly SearchDocument[]): unknown {
  if (of.field === 'ext' || of.field === 'workflow') {
    const values = documents.flatMap(
      ({ key = '', workflow }) => (of.field === 'ext' ? fileExtension(key) : workflow) ?? [],
    )
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
    return { of, kind: 'values', values: counts, more: false }
  }
  const points = documents.flatMap(
    ({ size, modifiedMs, entries }) =>
      (of.field === 'size' ? size : of.field === 'modified' ? modifiedMs : entries) ?? [],
  )
  if (points.length === 0) return { of, kind: 'range' }
  const told = (point: number) => (of.field === 'modified' ? new Date(point).toISOString() : point)
  return { of, kind: 'range', min: told(Math.min(...points)), max: told(Math.max(...points)) }
}

/** With the counts of values, whose order among equals means nothing here. */
const toldFacet = (facet: Facet): unknown =>
  facet.kind === 'values'
    ? { ...facet, values: new Map(facet.values.map(({ value, count }) => [value, count])) }
    : facet

describe.each(['packages', 'entries', 'objects'] as const)('facets of %s', (scope) => {
  const facets = facetsOf[scope]
  const some = fc.subarray([...facets], { minLength: 1 })
  const asked = fc.oneof(fc.constant(everything), query(scope))

  it('count the values of what is found, and say how far they go', async () => {
    await fc.assert(
      fc.asyncProperty(catalogue(), asked, some, fc.constantFrom(...everyCost), async (of, sought, wanted, costs) => {
        const index = filledIndex(of)
        try {
          const request = { scope, query: sought, facets: wanted, limit: 0 }
          const answer = await searchIndexes([index], request, { nowMs, costs })
          const meant = documentsOf(of)
            [scope].filter(({ isLatest }) => isLatest)
            .map(({ document }) => document)
            .filter((document) => matchesQuery(sought, document, { scope, nowMs }))
          const what = `${formatQuery(sought)}: ${JSON.stringify(wanted)}`
          expect(answer.facets.map(toldFacet), what).toEqual(wanted.map((one) => meantFacet(one, meant)))
        } finally {
          index.close()
        }
      }),
      { numRuns: 200 },
    )
  })
})
