// Searching the packages of buckets (formats.md 7.5).
import { allOf, type Query, type SearchHit, type SearchOrder, type SearchRequest } from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'
import { z } from 'zod'
import type { RegistryPackages } from '../packages/registry-packages.js'
import { packagesByFiles } from '../search/packages-by-files.js'
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
import { asRefusal, filesQuery, packagesQuery } from './search-query.js'
import type { SearchSignature } from './search-schema.js'

export interface SearchPackagesDeps {
  readonly search: StackSearch
  readonly packages: Pick<RegistryPackages, 'modified'>
  /** Told of every look into an index. */
  readonly spend: (context: GraphqlContext) => void
  readonly signature: SearchSignature
}

/** A search of packages, as it was asked. */
export interface PackagesSearch {
  readonly asked: PackagesAsked
  readonly nowMs: number
  readonly query: Query
  /** Present when packages are found by their files alone. */
  readonly files?: Query | undefined
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
    if (searched.files !== undefined) return pageByFiles(searched, context, { size: limit, ordering, at })
    const order = await checkedOrder(ordering, searched, context)
    const { hits, cursor } = await look(searched, context, { limit, order, cursor: at })
    const { asked, nowMs } = searched
    return {
      __typename: 'PackagesSearchResultSetPage' as const,
      cursor: cursor === undefined ? undefined : cursors.write({ asked, nowMs, ordering, at: cursor }),
      hits: hits.flatMap((hit) => told(hit, searched.query)),
    }
  }

  const pageByFiles = async (searched: PackagesSearch, context: GraphqlContext, { size, ordering, at }: PageWish) => {
    if (packageOrder(ordering) !== undefined) throw unsupportedSort('What is found by files has no order.')
    const { asked, nowMs, query, files = query } = searched
    const wish = { query: files, buckets: asked.buckets ?? undefined, after: at, size: size ?? 1 }
    const { hits, next } = await packagesByFiles((more) => look(searched, context, more), wish)
    return {
      __typename: 'PackagesSearchResultSetPage' as const,
      cursor: next === undefined ? undefined : cursors.write({ asked, nowMs, ordering, at: next }),
      hits: hits.flatMap((hit) => told(hit, query)),
    }
  }

  /** A search as it is asked, read. */
  const read = (asked: PackagesAsked, nowMs: number): PackagesSearch => {
    const files = filesQuery(asked)
    return { asked, nowMs, query: files ?? packagesQuery(asked), files }
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
          const searched = read(asked, Date.now())
          const { total } = await look(searched, context, { limit: 0, ...(searched.files && { scope: 'entries' }) })
          if (total === 0) return { __typename: 'EmptySearchResultSet' as const }
          return { __typename: 'PackagesSearchResultSet' as const, ...searched, total: totalOf(searched, total) }
        }),
      searchMorePackages: (_: unknown, { after, size }: MoreArgs, context: GraphqlContext) =>
        orRefusal(async () => {
          callerOf(context)
          const { asked, nowMs, ordering, at } = cursors.read(after)
          try {
            return await page(read(asked, nowMs), context, { size, ordering, at })
          } catch (error) {
            throw asRefusal('after', error)
          }
        }),
    },
    PackagesSearchResultSet: {
      async stats(searched: PackagesSearch, _: unknown, context: GraphqlContext) {
        checkCounted(searched)
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
      filteredUserMetaFacets(searched: PackagesSearch, wanted: FacetArgs, context: GraphqlContext) {
        checkCounted(searched)
        return facetsAt(wanted, searched.query, (more) => look(searched, context, more))
      },
      firstPage: (searched: PackagesSearch, { size, ordering, order }: FirstPageArgs, context: GraphqlContext) =>
        signature === 'ordering'
          ? orRefusal(() => page(searched, context, { size, ordering: ordering ?? null }))
          : page(searched, context, { size, ordering: olderOrdering(order) }),
    },
    ...metaFacetResolvers,
  }
}

/** How many packages there are; -1 when that is not known, as by their files (formats.md 6.3). */
const totalOf = ({ files }: PackagesSearch, total: number | undefined): number =>
  files === undefined ? (total ?? -1) : -1

/** @throws {GraphQLError} for what is found by files: an index counts packages by what they are themselves */
function checkCounted({ files }: PackagesSearch): void {
  if (files !== undefined) throw new GraphQLError('Packages that are found by their files alone have no stats here.')
}

export interface MoreArgs {
  readonly after: string
  readonly size?: number | null
}

export interface FacetArgs {
  readonly path: string
  readonly type?: FacetType | null
}

export interface FirstPageArgs {
  readonly size?: number | null
  readonly ordering?: string | null
  readonly order?: ResultOrder | null
}

/** An order of older stacks in the words of today's. */
function olderOrdering(order: ResultOrder | null | undefined): string | null {
  const by = resultOrder(order, 'name')
  return by === undefined ? null : `sys:${by.by}:${by.direction}`
}
