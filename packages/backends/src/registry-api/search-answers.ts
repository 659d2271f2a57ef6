// What the registry answers to searches (formats.md 7.5).
import type { Json } from '@quilt-mcp/core'
import { z } from 'zod'
import { datetime, jsonObject, members, number, type Reader, record, unionMember } from './answer.js'

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)

/** Real totals only: with secure search there may be none, or -1 (formats.md 6.3). */
const total = number.nullish().transform((count) => (typeof count === 'number' && count >= 0 ? count : undefined))

const numberExtents = record({ min: number.nullish(), max: number.nullish() })
const datetimeExtents = record({ min: datetime.nullish(), max: datetime.nullish() })
const keywordExtents = record({ values: z.array(z.string()) })

const packageHit = record({
  bucket: z.string(),
  name: z.string(),
  pointer: z.string(),
  hash: z.string(),
  size: number,
  modified: datetime,
  totalEntriesCount: number,
  comment: optionalText,
  meta: optionalText,
  workflow: jsonObject.nullish(),
  matchLocations: record({ name: z.boolean(), comment: z.boolean(), meta: z.boolean(), workflow: z.boolean() }),
  matchingEntries: z.array(
    record({
      logicalKey: z.string(),
      physicalKey: z.string(),
      size: number,
      meta: optionalText,
      matchLocations: record({
        logicalKey: z.boolean(),
        physicalKey: z.boolean(),
        meta: z.boolean(),
        contents: z.boolean(),
      }),
    }),
  ),
})
/** A package as the registry finds it. */
export type FoundPackage = z.output<typeof packageHit>

const objectHit = record({
  bucket: z.string(),
  key: z.string(),
  version: optionalText,
  size: number,
  modified: datetime,
  deleted: z
    .boolean()
    .nullish()
    .transform((deleted) => deleted ?? false),
  indexedContent: optionalText,
})
/** A version of an object as the registry finds it. */
export type FoundObject = z.output<typeof objectHit>

/** One page of what was found. */
export interface FoundPage<Hit> {
  /** Absent on the last page. */
  readonly cursor?: string | undefined
  readonly hits: readonly Hit[]
}

const pageOf = <Hit>(hit: z.ZodType<Hit>) => record({ cursor: optionalText, hits: z.array(hit) })
const packagesPage = pageOf(packageHit)
const objectsPage = pageOf(objectHit)

const packagesStats = record({
  modified: datetimeExtents,
  size: numberExtents,
  entries: numberExtents,
  workflow: keywordExtents,
  userMeta: z.array(record({ __typename: z.string(), path: z.string() })),
  userMetaTruncated: z.boolean(),
})
const objectsStats = record({ modified: datetimeExtents, size: numberExtents, ext: keywordExtents })

/** What a search answers at first. `total` is absent when it is not known; the others when they were not asked for. */
export interface Found<Hit, Stats> {
  readonly total?: number | undefined
  readonly stats?: Stats | undefined
  readonly page?: FoundPage<Hit> | undefined
}
export type FoundPackages = Found<FoundPackage, z.output<typeof packagesStats>>
export type FoundObjects = Found<FoundObject, z.output<typeof objectsStats>>

const nothing = record({}).transform(() => ({ total: 0 }))

/** Reads `searchPackages`, whose first page is a union of its own, or on older stacks a plain page. */
export const foundPackages: Reader<FoundPackages> = (data, attempt) => {
  const found = members<{ total?: number | undefined; stats?: FoundPackages['stats']; firstPage?: Json | undefined }>(
    'searchPackages',
    {
      PackagesSearchResultSet: record({
        total,
        stats: packagesStats.optional(),
        firstPage: z.custom<Json>().optional(),
      }),
      EmptySearchResultSet: nothing,
    },
  )(data, attempt)
  const { firstPage, ...rest } = found
  if (firstPage === undefined) return rest
  const schemas = { PackagesSearchResultSetPage: packagesPage }
  return { ...rest, page: unionMember('firstPage', firstPage, { schemas, attempt }) }
}

/** Reads `searchObjects`. */
export const foundObjects: Reader<FoundObjects> = (data, attempt) => {
  const { firstPage, ...rest } = members<{
    total?: number | undefined
    stats?: FoundObjects['stats']
    firstPage?: FoundPage<FoundObject> | undefined
  }>('searchObjects', {
    ObjectsSearchResultSet: record({ total, stats: objectsStats.optional(), firstPage: objectsPage.optional() }),
    EmptySearchResultSet: nothing,
  })(data, attempt)
  return firstPage === undefined ? rest : { ...rest, page: firstPage }
}

/** Reads `searchMorePackages`. */
export const morePackages: Reader<FoundPage<FoundPackage>> = members('searchMorePackages', {
  PackagesSearchResultSetPage: packagesPage,
})

/** Reads `searchMoreObjects`. */
export const moreObjects: Reader<FoundPage<FoundObject>> = members('searchMoreObjects', {
  ObjectsSearchResultSetPage: objectsPage,
})

const metaFacet = record({
  __typename: z.string(),
  path: z.string(),
  numbers: numberExtents.nullish(),
  dates: datetimeExtents.nullish(),
  keywords: keywordExtents.nullish(),
})
/** Values of user metadata at a path, of one type. */
export type FoundMetaFacet = z.output<typeof metaFacet>

/** Reads the facets of a path of `searchPackages`. */
export const foundMetaFacets: Reader<readonly FoundMetaFacet[]> = (data, attempt) =>
  members<{ filteredUserMetaFacets: readonly FoundMetaFacet[] }>('searchPackages', {
    PackagesSearchResultSet: record({ filteredUserMetaFacets: z.array(metaFacet) }),
    EmptySearchResultSet: record({}).transform(() => ({ filteredUserMetaFacets: [] })),
  })(data, attempt).filteredUserMetaFacets
