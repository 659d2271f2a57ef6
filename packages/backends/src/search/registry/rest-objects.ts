// The last resort: objects through `/api/search`, where the registry has no search by GraphQL. No orders, no facets, no packages.
import { QuiltError, type SearchRequest } from '@quilt-mcp/core'
import { noSuchPlace } from '../../cursor.js'
import type { Token } from '../../http/authorized.js'
import type { HttpClient } from '../../http/client.js'
import { type RestFound, type RestSearchRequest, restSearch } from '../../registry-api/rest-search.js'
import type { Found, FoundObject, FoundPage } from '../../registry-api/search-answers.js'
import { ask, type ScopedAnswer, type ScopedSearch } from './answering.js'
import { objectCandidate } from './found-hits.js'
import { objectText } from './object-plan.js'
import { everything } from './query-terms.js'

export interface RestDeps {
  readonly registryUrl: (signal?: AbortSignal) => Promise<string>
  readonly token: Token
  readonly http: HttpClient
}

const older =
  'This registry is an older one: it searches objects only, by its plain interface, which knows no orders and no facets and tells at most 10,000.'
/** Elasticsearch goes no further. */
const furthest = 10_000

/** @throws {QuiltError} `unsupported` for what that interface does not have */
function checkRest({ scope, order, facets = [] }: SearchRequest): void {
  const wanted = scope !== 'objects' ? scope : order !== undefined ? 'orders' : facets.length > 0 ? 'facets' : undefined
  if (wanted === undefined) return
  throw new QuiltError('unsupported', `This registry is too old to search for ${wanted}`, {
    hint: scope === 'objects' ? 'Leave orders and facets out.' : 'Look packages up by name, or search objects.',
    nextTools: scope === 'objects' ? [] : ['package_list'],
  })
}

/** Searches objects. @param buckets all that are searched */
export async function restObjects(
  { registryUrl, token, http }: RestDeps,
  { request, conjuncts, calls, position, nowMs, signal }: ScopedSearch,
  buckets: readonly string[],
): Promise<ScopedAnswer> {
  checkRest(request)
  checkOffset(position.after)
  const { query, checks } = objectText(conjuncts, nowMs)
  const page = async (from: number, size: number): Promise<RestFound> => {
    const asked: RestSearchRequest = { index: buckets, query, from, size: Math.min(size, furthest - from) }
    calls.sent.push({ to: 'GET /api/search', asked: { ...asked, action: 'search' } })
    return restSearch(await registryUrl(signal), asked, { token, http, signal })
  }
  const pageOf = ({ hits }: RestFound, from: number, size: number): FoundPage<FoundObject> => ({
    hits: hits.map((hit) => foundObject(hit, buckets)),
    ...(hits.length < size || from + size >= furthest ? {} : { cursor: String(from + hits.length) }),
  })
  const { stats: _none, ...answer } = await ask<FoundObject, undefined>({
    request,
    position,
    nowMs,
    plan: { checks, counts: checks.length === 0, rough: false, notes: [older] },
    first: async ({ size, withPage }): Promise<Found<FoundObject, undefined>> => {
      const found = await page(0, withPage ? size : 0)
      return { ...(found.total < 0 ? {} : { total: found.total }), page: pageOf(found, 0, size) }
    },
    more: async (after, size) => pageOf(await page(Number(after), size), Number(after), size),
    candidates: (found) => [objectCandidate(found)],
  })
  return { ...answer, facets: [] }
}

/** Searches one bucket for anything: to see whether it may be searched. */
export async function lookByRest(
  { registryUrl, token, http }: RestDeps,
  { calls, signal }: Pick<ScopedSearch, 'calls' | 'signal'>,
  bucket: string,
): Promise<void> {
  const asked: RestSearchRequest = { index: [bucket], query: everything, from: 0, size: 0 }
  calls.sent.push({ to: 'GET /api/search', asked: { ...asked, action: 'search' } })
  await restSearch(await registryUrl(signal), asked, { token, http, signal })
}

/** Here a page begins at a number: the cursor of a registry with another search is none.
 * @throws {QuiltError} `invalid_input` */
function checkOffset(after: string | undefined): void {
  if (after === undefined || (/^\d{1,5}$/.test(after) && Number(after) < furthest)) return
  throw noSuchPlace()
}

function foundObject(
  { _index: index, _source: source }: RestFound['hits'][number],
  buckets: readonly string[],
): FoundObject {
  return {
    bucket: bucketOf(index, buckets),
    key: source.key,
    version: source.version_id ?? undefined,
    size: source.size ?? 0,
    modified: new Date(source.last_modified).toISOString(),
    deleted: source.delete_marker ?? false,
    indexedContent: undefined,
  }
}

/** An index is called as its bucket, or that with more behind it. */
function bucketOf(index: string, buckets: readonly string[]): string {
  const [longest] = buckets
    .filter((bucket) => index === bucket || index.startsWith(`${bucket}-`))
    .sort((a, b) => b.length - a.length)
  return longest ?? index
}
