// Searching the packages of buckets (formats.md 7.5).
import { allOf, type Query, type SearchHit, type SearchOrder, type SearchRequest } from '@quilt-mcp/core'
import { z } from 'zod'
import type { RegistryPackages } from '../packages/registry-packages.js'
import type { Found, StackSearch } from '../search/stack-search.js'
import { callerOf, type GraphqlContext } from './caller.js'
import { orRefusal } from './refusals.js'
import { type PackagesAsked, packagesAsked } from './search-asked.js'
import { cursorOf } from './search-cursor.js'
import { datetimeExtents, keywordExtents, numberExtents } from './search-extents.js'
import { valueOfType } from './search-filters.js'
import { packageHit } from './search-hits.js'
import { type FacetType, facetsAt, metaFacetResolvers, metaFacets } from './search-meta-facets.js'
import { type PackageOrder, packageOrder, type ResultOrder, resultOrder, unsupportedSort } from './search-order.js'
import { pageSize } from './search-page.js'
import { asRefusal, packagesQuery } from './search-query.js'
import type { SearchSignature } from './search-schema.js'

export interface SearchPackagesDeps {
  readonly search: StackSearch
  readonly packages: Pick<RegistryPackages, 'modified'>
  /** Told of every look into an index. */
  readonly spend: (context: GraphqlContext) => void
  readonly signature: SearchSignature
}

/** A search of packages, as it was asked. */
interface PackagesSearch {
  readonly asked: PackagesAsked
  readonly nowMs: number
  readonly query: Query
}

interface PageWish {
  readonly size?: number | null | undefined
  /** In words: what a cursor carries. */
  readonly ordering: string | null
  readonly at?: string | undefined
}

const cursors = cursorOf(
  'packages',
  z.strictObject({ asked: packagesAsked, nowMs: z.number(), ordering: z.string().nullable(), at: z.string() }),
)

export const searchPackagesResolvers = ({ search, packages, spend, signature }: SearchPackagesDeps) => {
  const look = async (
    { asked, nowMs, query }: PackagesSearch,
    context: GraphqlContext,
    more: Partial<SearchRequest>,
  ): Promise<Found> => {
    spend(context)
    const { buckets, latestOnly } = asked
    const request = { scope: 'packages', query, buckets: buckets ?? undefined, allRevisions: !latestOnly } as const
    return search.search(callerOf(context), { ...request, ...more }, nowMs)
  }

  /** @throws {InputRefused} when what was found has no such values to be ordered by */
  const checkedOrder = async (
    ordering: string | null,
    searched: PackagesSearch,
    context: GraphqlContext,
  ): Promise<SearchOrder | undefined> => {
    const read: PackageOrder | undefined = packageOrder(ordering)
    if (read?.order.by !== 'meta' || read.metaType === undefined) return read?.order
    const { path } = read.order
    const query = allOf([searched.query, valueOfType(path, read.metaType)])
    const { total } = await look(searched, context, { limit: 0, query })
    if (total === 0) throw unsupportedSort(`There is no ${read.metaType} at ${path} in what was found.`)
    return read.order
  }

  const page = async (searched: PackagesSearch, context: GraphqlContext, { size, ordering, at }: PageWish) => {
    const limit = pageSize(size)
    const order = await checkedOrder(ordering, searched, context)
    const { hits, cursor } = await look(searched, context, { limit, order, cursor: at })
    const { asked, nowMs } = searched
    return {
      __typename: 'PackagesSearchResultSetPage' as const,
      cursor: cursor === undefined ? undefined : cursors.write({ asked, nowMs, ordering, at: cursor }),
      hits: hits.flatMap((hit) => told(hit, searched.query)),
    }
  }

  const told = (hit: SearchHit, query: Query) => {
    if (hit.kind !== 'package') return []
    const modified = hit.modified === undefined ? packages.modified(hit.bucket, hit.name) : new Date(hit.modified)
    return modified === undefined ? [] : [packageHit(hit, query, modified)]
  }

  return {
    Query: {
      searchPackages: (_: unknown, asked: PackagesAsked, context: GraphqlContext) =>
        orRefusal(async () => {
          callerOf(context)
          const searched = { asked, nowMs: Date.now(), query: packagesQuery(asked) }
          const { total } = await look(searched, context, { limit: 0 })
          if (total === 0) return { __typename: 'EmptySearchResultSet' as const }
          return { __typename: 'PackagesSearchResultSet' as const, ...searched, total: total ?? -1 }
        }),
      searchMorePackages: (_: unknown, { after, size }: MoreArgs, context: GraphqlContext) =>
        orRefusal(async () => {
          callerOf(context)
          const { asked, nowMs, ordering, at } = cursors.read(after)
          try {
            return await page({ asked, nowMs, query: packagesQuery(asked) }, context, { size, ordering, at })
          } catch (error) {
            throw asRefusal('after', error)
          }
        }),
    },
    PackagesSearchResultSet: {
      async stats(searched: PackagesSearch, _: unknown, context: GraphqlContext) {
        const facets = [
          { field: 'modified' },
          { field: 'size' },
          { field: 'entries' },
          { field: 'workflow' },
          { field: 'meta' },
        ] as const
        const found = await look(searched, context, { limit: 0, facets })
        const [modified, bytes, entries, workflow, meta] = found.facets
        return {
          modified: () => datetimeExtents(modified),
          size: () => numberExtents(bytes),
          entries: () => numberExtents(entries),
          workflow: () => keywordExtents(workflow),
          userMeta: () =>
            metaFacets(meta?.kind === 'paths' ? meta.paths : [], searched.query, (more) =>
              look(searched, context, more),
            ),
          userMetaTruncated: meta?.kind === 'paths' && meta.more,
        }
      },
      filteredUserMetaFacets: (searched: PackagesSearch, wanted: FacetArgs, context: GraphqlContext) =>
        facetsAt(wanted, searched.query, (more) => look(searched, context, more)),
      firstPage: (searched: PackagesSearch, { size, ordering, order }: FirstPageArgs, context: GraphqlContext) =>
        signature === 'ordering'
          ? orRefusal(() => page(searched, context, { size, ordering: ordering ?? null }))
          : page(searched, context, { size, ordering: olderOrdering(order) }),
    },
    ...metaFacetResolvers,
  }
}

interface MoreArgs {
  readonly after: string
  readonly size?: number | null
}

interface FacetArgs {
  readonly path: string
  readonly type?: FacetType | null
}

interface FirstPageArgs {
  readonly size?: number | null
  readonly ordering?: string | null
  readonly order?: ResultOrder | null
}

/** An order of older stacks in the words of today's. */
function olderOrdering(order: ResultOrder | null | undefined): string | null {
  const by = resultOrder(order, 'name')
  return by === undefined ? null : `sys:${by.by}:${by.direction}`
}
