// Fills a page of hits from the registry's pages, of which some hits may not count.
import { createHash } from 'node:crypto'
import { encodeJson, formatQuery, fromPlain, type SearchRequest } from '@quilt-mcp/core'
import { z } from 'zod'
import { decodeCursor, encodeCursor } from '../../cursor.js'
import type { FoundPage } from '../../registry-api/search-answers.js'

/** Above this, registries fail. */
export const largestPage = 100
/** How many pages of the registry one page of ours may cost. */
const mostPages = 20

/** Where a search goes on. */
export interface Position {
  /** The registry's own cursor of the page. Absent: the first one. */
  readonly after?: string | undefined
  /** How many of that page's candidates are behind us. */
  readonly skip: number
}

export interface PageSource<Raw> {
  first(size: number): Promise<FoundPage<Raw>>
  more(after: string, size: number): Promise<FoundPage<Raw>>
}

export interface Filling<Raw, Hit> {
  /** What one thing of the registry may become. */
  readonly candidates: (raw: Raw) => readonly Hit[]
  /** Undefined: it does not count. */
  readonly limit: number
  /** Whether all that the registry finds counts: then no more is asked for than is wanted. */
  readonly allCount: boolean
  readonly position: Position
}

export interface Filled<Hit> {
  readonly hits: readonly Hit[]
  /** Absent: there is no more. */
  readonly next?: Position
  /** Whether it stopped before the page was full, though there is more. */
  readonly stopped: boolean
  /** Pages that were asked for. */
  readonly pages: number
}

/** Asks for pages until one of ours is full. */
export async function fillPage<Raw, Hit>(
  source: PageSource<Raw>,
  { candidates, limit, allCount, position }: Filling<Raw, Hit | undefined>,
): Promise<Filled<Hit>> {
  const hits: Hit[] = []
  let { after, skip } = position
  for (let pages = 1; ; pages += 1) {
    const wanted = allCount ? Math.min(largestPage, skip + limit - hits.length) : largestPage
    const page = after === undefined ? await source.first(wanted) : await source.more(after, wanted)
    const found = page.hits.flatMap(candidates)
    for (const [index, hit] of found.entries()) {
      if (index < skip || hit === undefined) continue
      if (hits.length === limit) return { hits, next: { after, skip: index }, stopped: false, pages }
      hits.push(hit)
    }
    if (page.cursor === undefined) return { hits, stopped: false, pages }
    const next = { after: page.cursor, skip: 0 }
    if (hits.length === limit) return { hits, next, stopped: false, pages }
    if (pages === mostPages) return { hits, next, stopped: true, pages }
    after = page.cursor
    skip = 0
  }
}

/** What a cursor belongs to: another search, or another scope, has another. */
function searchId({ scope, query, buckets, allRevisions, order }: SearchRequest): string {
  const text = encodeJson(fromPlain([scope, formatQuery(query), buckets ?? null, allRevisions ?? false, order ?? null]))
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/** Where a request goes on. @throws {QuiltError} `invalid_input` for a cursor of another search */
export function positionOf(request: SearchRequest): Position {
  if (request.cursor === undefined) return { skip: 0 }
  const schema = z.strictObject({
    search: z.literal(searchId(request)),
    after: z.string().optional(),
    skip: z.number().int().min(0),
  })
  const { after, skip } = decodeCursor(request.cursor, schema)
  return { after, skip }
}

/** The cursor of a position. */
export function cursorOf({ after, skip }: Position, request: SearchRequest): string {
  return encodeCursor({ search: searchId(request), skip, ...(after === undefined ? {} : { after }) })
}
