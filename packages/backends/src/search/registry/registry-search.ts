// Search as a Quilt registry does it: by Elasticsearch, asked through GraphQL (formats.md 7.5). What it cannot be asked is checked on what it
// finds, and said.
import {
  checkScope,
  checkTerms,
  formatQuery,
  type LeftOut,
  type Query,
  QuiltError,
  type SearchRequest,
  type SentSearch,
} from '@quilt-mcp/core'
import type { RegistryGraphql } from '../../registry-api/graphql.js'
import { conditionsOf } from '../conjuncts.js'
import type { Search } from '../port.js'
import { isRefusal, searchedBuckets, withoutForbidden } from '../searched-buckets.js'
import { nothingFits, type ScopedAnswer, type ScopedSearch } from './answering.js'
import { positionOf } from './found-pages.js'
import { searchObjects } from './objects-search.js'
import { searchPackages } from './packages-search.js'
import { registryCalls } from './registry-calls.js'
import { lookByRest, type RestDeps, restObjects } from './rest-objects.js'
import { checkFacets } from './search-facets.js'
import type { SearchForms } from './search-forms.js'
import { checkOrder } from './search-orders.js'

export interface RegistrySearchDeps {
  readonly graphql: RegistryGraphql
  /** What the stack is called: under it is remembered which form of search it understands. */
  readonly stack: string
  readonly forms: SearchForms
  /** How the plain interface of an older registry is reached. */
  readonly rest: RestDeps
  readonly now: () => number
  /** How often progress is told while the registry searches. Default 5,000. */
  readonly progressEveryMs?: number | undefined
}

/** Makes the search of one principal. */
export function registrySearch(deps: RegistrySearchDeps): Search {
  return {
    async search(request, options = {}) {
      checkRequest(request)
      const conditions = conditionsOf(request.query)
      if (conditions === undefined) return nothingFits()
      const calls = registryCalls(deps, options)
      const { onBuckets, others: conjuncts } = conditions
      const { buckets, leftOut } = await searchedBuckets(request.buckets, onBuckets, calls.visibleBuckets)
      if (buckets?.length === 0) return nothingFits(leftOut)
      const search = {
        request,
        conjuncts,
        calls,
        position: positionOf(request),
        nowMs: deps.now(),
        signal: options.signal,
      }
      const found = await searchByForm(deps, search, buckets)
      const { checks, ...answer } = found.answer
      return { ...answer, leftOut: [...leftOut, ...found.leftOut], sent: sentWith(checks, calls.sent) }
    },
  }
}

interface FoundSomewhere {
  readonly answer: ScopedAnswer
  readonly leftOut: readonly LeftOut[]
}

/** Searches by GraphQL, or where the registry has no search there by the plain interface. */
async function searchByForm(
  { forms, stack, rest }: RegistrySearchDeps,
  search: ScopedSearch,
  buckets: readonly string[] | null,
): Promise<FoundSomewhere> {
  const isRest = (): boolean => forms.of(stack) === 'rest'
  if (!isRest()) {
    try {
      return await searchWhatMayBe(search, buckets)
    } catch (error) {
      if (!isRest()) throw error
    }
  }
  return searchByRest(rest, search, buckets ?? (await search.calls.visibleBuckets()))
}

/** Also on its later pages: those are counted in what is found without the buckets that are refused. */
async function searchByRest(rest: RestDeps, search: ScopedSearch, buckets: readonly string[]): Promise<FoundSomewhere> {
  const find = (some: readonly string[]): Promise<ScopedAnswer> => restObjects(rest, search, some)
  try {
    return { answer: await find(buckets), leftOut: [] }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const left = await withoutForbidden(buckets, error, (bucket) => lookByRest(rest, search, bucket))
    return { answer: await find(left.buckets), leftOut: left.leftOut }
  }
}

/** Searches the buckets; when the registry refuses them together, those of them that it does not refuse. */
async function searchWhatMayBe(search: ScopedSearch, buckets: readonly string[] | null): Promise<FoundSomewhere> {
  const { calls, position, request } = search
  const run = request.scope === 'objects' ? searchObjects : searchPackages
  try {
    return { answer: await run(search, buckets), leftOut: [] }
  } catch (error) {
    // A registry's own cursor knows its buckets: it cannot be told others.
    if (!isRefusal(error) || position.after !== undefined) throw error
    const all = buckets ?? (await calls.visibleBuckets())
    const left = await withoutForbidden(all, error, (bucket) => calls.look(request.scope, bucket))
    return { answer: await run(search, left.buckets), leftOut: left.leftOut }
  }
}

/** What was checked here belongs to what was asked. */
function sentWith(checks: readonly Query[], sent: readonly SentSearch[]): readonly SentSearch[] {
  if (checks.length === 0) return sent
  return [...sent, { to: 'hits, checked here', asked: { all: checks.map(formatQuery) } }]
}

function checkRequest(request: SearchRequest): void {
  const { query, scope, order, facets = [], limit = 100 } = request
  checkScope(query, scope)
  checkTerms(query)
  checkOrder(order, scope)
  checkFacets(facets, scope)
  if (Number.isInteger(limit) && limit >= 0 && limit <= 1_000) return
  throw new QuiltError('invalid_input', `limit is ${limit}`, { hint: 'Use a whole number from 0 to 1,000.' })
}
