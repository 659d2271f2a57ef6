// Searching the objects of buckets (formats.md 7.5).
import type { Facet, Query, SearchRequest } from '@quilt-mcp/core'
import { z } from 'zod'
import type { Principal } from '../identity/principal.js'
import type { Found, StackSearch } from '../search/stack-search.js'
import { callerOf, type GraphqlContext } from './caller.js'
import { orRefusal } from './refusals.js'
import { type ObjectsAsked, objectsAsked } from './search-asked.js'
import { cursorOf } from './search-cursor.js'
import { datetimeExtents, keywordExtents, numberExtents } from './search-extents.js'
import { objectHit } from './search-hits.js'
import { type ResultOrder, resultOrder } from './search-order.js'
import { pageSize } from './search-page.js'
import { asRefusal, objectsQuery } from './search-query.js'

export interface SearchObjectsDeps {
  readonly search: StackSearch
  /** Told of every look into an index. */
  readonly spend: (context: GraphqlContext) => void
  /** The text of a file, where its words are indexed. */
  readonly content: (bucket: string, key: string) => Promise<string | undefined>
}

/** A search of objects, as it was asked. */
export interface ObjectsSearch {
  readonly asked: ObjectsAsked
  readonly nowMs: number
  readonly query: Query
  readonly total: number
}

const orders = ['BEST_MATCH', 'NEWEST', 'OLDEST', 'LEX_ASC', 'LEX_DESC'] as const satisfies readonly ResultOrder[]
const cursors = cursorOf(
  'objects',
  z.strictObject({ asked: objectsAsked, nowMs: z.number(), order: z.enum(orders).nullish(), at: z.string() }),
)

export const searchObjectsResolvers = ({ search, spend, content }: SearchObjectsDeps) => {
  const look = async (
    { asked, nowMs, query }: Omit<ObjectsSearch, 'total'>,
    context: GraphqlContext,
    more: Partial<SearchRequest>,
  ): Promise<Found> => {
    spend(context)
    const principal: Principal = callerOf(context)
    return search.search(principal, { scope: 'objects', query, buckets: asked.buckets ?? undefined, ...more }, nowMs)
  }

  const page = async (
    searched: Omit<ObjectsSearch, 'total'>,
    context: GraphqlContext,
    { size, order, at }: FirstPageArgs & { readonly at?: string },
  ) => {
    const wish = { limit: pageSize(size), order: resultOrder(order, 'key'), cursor: at }
    const { hits, cursor } = await look(searched, context, wish)
    const { asked, nowMs, query } = searched
    return {
      __typename: 'ObjectsSearchResultSetPage' as const,
      cursor: cursor === undefined ? undefined : cursors.write({ asked, nowMs, order, at: cursor }),
      hits: hits.flatMap((hit) => (hit.kind === 'object' ? [objectHit(hit, query)] : [])),
    }
  }

  return {
    Query: {
      searchObjects: (_: unknown, asked: ObjectsAsked, context: GraphqlContext) =>
        orRefusal(async () => {
          callerOf(context)
          const searched = { asked, nowMs: Date.now(), query: objectsQuery(asked) }
          const { total } = await look(searched, context, { limit: 0 })
          if (total === 0) return { __typename: 'EmptySearchResultSet' as const }
          return { __typename: 'ObjectsSearchResultSet' as const, ...searched, total: total ?? -1 }
        }),
      searchMoreObjects: (_: unknown, { after, size }: MoreArgs, context: GraphqlContext) =>
        orRefusal(async () => {
          callerOf(context)
          const { asked, nowMs, order, at } = cursors.read(after)
          try {
            return await page({ asked, nowMs, query: objectsQuery(asked) }, context, { size, order, at })
          } catch (error) {
            throw asRefusal('after', error)
          }
        }),
    },
    ObjectsSearchResultSet: {
      async stats(searched: ObjectsSearch, _: unknown, context: GraphqlContext) {
        const facets = [{ field: 'modified' }, { field: 'size' }, { field: 'ext' }] as const
        const { facets: [modified, bytes, ext] = [] } = await look(searched, context, { limit: 0, facets })
        return {
          modified: datetimeExtents(modified),
          size: numberExtents(bytes),
          ext: withDots(ext),
        }
      },
      firstPage: (searched: ObjectsSearch, wish: FirstPageArgs, context: GraphqlContext) =>
        page(searched, context, wish),
    },
    SearchHitObject: {
      indexedContent: ({ bucket, key }: { readonly bucket: string; readonly key: string }) => content(bucket, key),
    },
  }
}

export interface MoreArgs {
  readonly after: string
  readonly size?: number | null
}

export interface FirstPageArgs {
  readonly size?: number | null | undefined
  readonly order?: ResultOrder | null | undefined
}

/** The registry keeps extensions with their dots. */
function withDots(ext: Facet | undefined): { readonly values: readonly string[] } {
  return { values: keywordExtents(ext).values.map((extension) => `.${extension}`) }
}
