// Searches indexes: each is asked for its own, and what they say is put together.
import {
  checkScope,
  formatQuery,
  type Indexing,
  QuiltError,
  type SearchAnswer,
  type SearchHit,
  type SearchRequest,
  type SearchScope,
  type SentSearch,
} from '@quilt-mcp/core'
import type { BucketIndex, IndexState } from '../bucket-index.js'
import { counted } from './counted.js'
import type { FacetPart } from './facet-part.js'
import { checkFacet, columnFacets } from './facets.js'
import { entryHits, objectHits } from './file-hits.js'
import { fileQuery } from './file-query.js'
import { type Found, foundFiles, foundPackages, rowsByNumber } from './found.js'
import { facetOf } from './joined-facets.js'
import { type Costs, type Meaning, usualCosts } from './meaning.js'
import { metaFacetPart } from './meta-facets.js'
import { compareRows, type OrderKey, orderKeys } from './order.js'
import { packageHits } from './package-hits.js'
import { isScored, pageOfFiles, rowsOfAll } from './page.js'
import type { PlacedRow } from './page-wish.js'
import { decodePosition, digestOf, encodePosition } from './position.js'
import type { Sql } from './sql.js'

export interface SearchOptions {
  /** Milliseconds since 1970: what `now-30d` counts from. */
  readonly nowMs: number
  readonly signal?: AbortSignal | undefined
  /** Which way costs what. Default: as measured. */
  readonly costs?: Costs
}

export type IndexAnswer = Omit<SearchAnswer, 'leftOut' | 'notes'>

/** Searches the indexes with what is in them now. `request.buckets` is not looked at: the caller chose the indexes.
 * @throws {QuiltError} `invalid_input` for a field, an order or a facet that the scope does not have, a limit that is none, a cursor of
 * another search; the signal's reason */
export async function searchIndexes(
  indexes: readonly BucketIndex[],
  request: SearchRequest,
  { nowMs, signal, costs = usualCosts }: SearchOptions,
): Promise<IndexAnswer> {
  const { scope, query, order, facets = [], cursor } = request
  const limit = limitOf(request)
  checkScope(query, scope)
  for (const facet of facets) checkFacet(facet, scope)
  const digest = digestOf(request)
  const parts: IndexPart[] = []
  for (const index of indexes) {
    await nextStep(signal)
    parts.push(await searchIndex(index))
  }
  const directions = parts[0]?.directions ?? []
  const rows = parts
    .flatMap((part) => part.rows.map((row) => ({ part, row })))
    .toSorted((a, b) => compareRows(a.row.place, b.row.place, directions))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const indexing = indexingOf(indexes, scope)
  return {
    hits: hitsOf(page, request),
    total: parts.reduce((sum, { total }) => sum + total, 0),
    ...(rows.length > limit && last !== undefined ? { cursor: encodePosition(last.row.place, digest) } : {}),
    facets: facets.map((of, at) =>
      facetOf(
        of,
        parts.flatMap((part) => part.facets[at] ?? []),
      ),
    ),
    ...(indexing === undefined ? {} : { indexing }),
    sent: parts.map(({ sent }) => sent),
  }

  async function searchIndex({ bucket, db }: BucketIndex): Promise<IndexPart> {
    const meaning: Meaning = { db, bucket, scope, nowMs, costs }
    const files = scope === 'packages' ? undefined : fileQuery(query, scope, meaning)
    const meant =
      files === undefined ? foundPackages(query, meaning, request.allRevisions ?? false) : foundFiles(files, meaning)
    const { total, ids } = counted(meant, meaning)
    const found = ids === undefined ? meant : rowsByNumber(ids, scope)
    await nextStep(signal)
    const keys = orderKeys(order, meaning)
    const byScore = isScored(query, order)
    const after = cursor === undefined ? undefined : decodePosition(cursor, digest, keys.length + Number(byScore))
    const wish = { keys, after, limit: limit + 1, signal }
    const rows =
      limit === 0 || total === 0
        ? []
        : files === undefined
          ? rowsOfAll(found, { query, isScored: byScore, meaning }, wish)
          : await pageOfFiles({ files, query, order, meaning, total, ids }, wish)
    const told = await facetsOf(found, meaning)
    const directions = [...(byScore ? (['desc'] as const) : []), ...keys.map(({ direction }) => direction)]
    return { meaning, directions, total, rows, facets: told, sent: sentOf(request, meaning, meant.bare) }
  }

  async function facetsOf(found: Found, meaning: Meaning): Promise<readonly FacetPart[]> {
    if (facets.length === 0) return []
    await nextStep(signal)
    const ofColumns = columnFacets(facets, found, meaning)
    const parts: FacetPart[] = []
    for (const facet of facets) {
      if (facet.field === 'meta') await nextStep(signal)
      const part = facet.field === 'meta' ? metaFacetPart(facet.path, found, meaning) : ofColumns.get(facet)
      if (part !== undefined) parts.push(part)
    }
    return parts
  }
}

interface IndexPart {
  readonly meaning: Meaning
  readonly directions: readonly OrderKey['direction'][]
  readonly total: number
  readonly rows: readonly PlacedRow[]
  readonly facets: readonly FacetPart[]
  readonly sent: SentSearch
}

/** Lets others run, and ends when the caller has given up. */
async function nextStep(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

function limitOf({ limit = 100 }: SearchRequest): number {
  if (Number.isInteger(limit) && limit >= 0 && limit <= 1_000) return limit
  throw new QuiltError('invalid_input', `limit is ${limit}`, { hint: 'Use a whole number from 0 to 1,000.' })
}

function hitsOf(
  page: readonly { readonly part: IndexPart; readonly row: PlacedRow }[],
  { query, scope }: SearchRequest,
): readonly SearchHit[] {
  const read = { packages: packageHits, entries: entryHits, objects: objectHits }[scope]
  const hits = new Map(
    [...new Set(page.map(({ part }) => part))].map((part) => {
      const ids = page.flatMap((one) => (one.part === part ? [one.row.id] : []))
      const byId: ReadonlyMap<number, SearchHit> = read(ids, query, part.meaning)
      return [part, byId] as const
    }),
  )
  return page.flatMap(({ part, row }) => hits.get(part)?.get(row.id) ?? [])
}

/** How far the indexes have come together. Undefined: they are complete. */
function indexingOf(indexes: readonly BucketIndex[], scope: SearchScope): Indexing | undefined {
  const of = scope === 'objects' ? 'objects' : 'packages'
  const states = indexes.map((index) => index.state())
  const building = states.flatMap((state) => state[of] ?? [])
  const unbuilt = states.some((state) => state[of] === undefined && completeAtMs(state, of) === undefined)
  if (building.length === 0 && !unbuilt) return undefined
  const isCounted = !unbuilt && building.every(({ total }) => total !== undefined)
  return {
    done: building.reduce((sum, { done }) => sum + done, 0),
    ...(isCounted ? { total: building.reduce((sum, { total = 0 }) => sum + total, 0) } : {}),
    of,
  }
}

const completeAtMs = (state: IndexState, of: Indexing['of']): number | undefined =>
  of === 'objects' ? state.objectsAtMs : state.packagesAtMs

/** What was asked, without what is in the index. */
function sentOf({ scope, query }: SearchRequest, { bucket }: Meaning, { text, values }: Sql): SentSearch {
  return {
    to: `index of ${bucket}`,
    asked: { scope, query: formatQuery(query), sql: text.replace(/\s+/g, ' '), parameters: values.map(told) },
  }
}

const longestTold = 200

const told = (value: Sql['values'][number]) =>
  typeof value === 'string' && value.length > longestTold ? `${value.slice(0, longestTold)}...` : value
