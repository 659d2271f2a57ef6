// What is asked and what is checked, together, find what a query means: held against `matchesQuery` on every document.
import {
  type MetaType,
  matchesQuery,
  metaValues,
  parseQuery,
  type Query,
  type SearchDocument,
  type SearchScope,
} from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObjectsAsked, PackagesAsked } from '../../registry-api/search-input.js'
import { conditionsOf } from '../conjuncts.js'
import { entryPlan } from './entry-plan.js'
import { objectPlan } from './object-plan.js'
import { packagePlan } from './package-plan.js'
import type { SearchPlan } from './plan.js'
import { entries, nowMs, objects, packages, terms } from './test/planned-documents.js'
import { indexed, passes, passesMeta } from './test/planned-index.js'
import { readQueryString } from './test/query-string-reader.js'

const queries = (scope: SearchScope): fc.Arbitrary<string> =>
  fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...terms[scope]),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} AND ${b})`),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} OR ${b})`),
      tie('query').map((one) => `NOT ${one}`),
    ),
  })).query

describe.each([
  ['objects', objects],
  ['packages', packages],
  ['entries', entries],
] as const)('a plan for %s', (scope, documents) => {
  it('finds what the query means, on every document', () => {
    fc.assert(
      fc.property(queries(scope), (text) => {
        const query = parseQuery(text)
        const found = documents.filter((document) => isFound(query, document, scope))
        const meant = documents.filter((document) => matchesQuery(query, document, { scope, nowMs }))
        // What could only be asked roughly finds more, and says so.
        const shown = isRough(query, scope) ? found.filter((document) => meant.includes(document)) : found
        expect(shown.map(nameOf)).toEqual(meant.map(nameOf))
      }),
      { numRuns: 1_000 },
    )
  })
})

const nameOf = ({ name, key }: SearchDocument): string | undefined => name ?? key

/** As the registry and the checks find it; what they refuse is found as it is meant. */
function isFound(query: Query, document: SearchDocument, scope: SearchScope): boolean {
  const conditions = conditionsOf(query)
  if (conditions === undefined) return false
  const options = { scope, nowMs }
  if (!conditions.onBuckets.every((one) => matchesQuery(one, document, options))) return false
  const plan = planOf(conditions.others, scope)
  if (plan === 'refused') return matchesQuery(query, document, options)
  const { asked, checks } = plan
  const index = indexed[scope](document)
  const said = asked.searchString === null || readQueryString(asked.searchString)(index)
  const filters = Object.entries(asked.filter ?? {}).every(([field, predicate]) => passes(field, predicate, document))
  const metaFilters = 'userMetaFilters' in asked ? (asked.userMetaFilters ?? []) : []
  return (
    said &&
    filters &&
    metaFilters.every((one) => passesMeta(one, document)) &&
    checks.every((one) => matchesQuery(one, document, options))
  )
}

function isRough(query: Query, scope: SearchScope): boolean {
  const plan = planOf(conditionsOf(query)?.others ?? [], scope)
  return plan !== 'refused' && plan.rough
}

function planOf(
  conjuncts: readonly Query[],
  scope: SearchScope,
): SearchPlan<ObjectsAsked> | SearchPlan<PackagesAsked> | 'refused' {
  const types = new Map<string, Set<MetaType>>()
  for (const { meta } of packages)
    for (const { path, type } of metaValues(meta)) types.set(path, (types.get(path) ?? new Set()).add(type))
  try {
    if (scope === 'entries') return entryPlan(conjuncts, nowMs)
    return scope === 'objects'
      ? objectPlan(conjuncts, nowMs)
      : packagePlan(conjuncts, { types, nowMs, allRevisions: false })
  } catch (error) {
    expect(error).toMatchObject({ code: 'unsupported' })
    return 'refused'
  }
}
