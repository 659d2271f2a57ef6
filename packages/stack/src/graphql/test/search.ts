// What the tests of search ask, in few words.
import { z } from 'zod'
import type { TestRegistry } from './registry.js'

const refusals = `... on InvalidInput { errors { path name message } } ... on OperationError { name message }`
const arguments_ = `$buckets: [String!], $searchString: String`
const packagesArguments = `${arguments_}, $filter: PackagesSearchFilter, $userMetaFilters: [PackageUserMetaPredicate!], $latestOnly: Boolean! = true`
const packagesCall = `searchPackages(buckets: $buckets, searchString: $searchString, filter: $filter, userMetaFilters: $userMetaFilters, latestOnly: $latestOnly)`
const objectsCall = `searchObjects(buckets: $buckets, searchString: $searchString, filter: $filter)`

export const hitFields = `id score bucket name pointer hash size modified totalEntriesCount comment meta workflow
  matchLocations { name comment meta workflow }
  matchingEntries { logicalKey physicalKey size meta matchLocations { logicalKey physicalKey meta contents } }`

const page = z.object({ cursor: z.string().nullable(), hits: z.array(z.looseObject({})) })

/** A query of packages. @param selection of `PackagesSearchResultSet` */
export const packagesQuery = (selection: string): string =>
  `query (${packagesArguments}) { ${packagesCall} { __typename ... on PackagesSearchResultSet { ${selection} } ${refusals} } }`

/** A query of objects. @param selection of `ObjectsSearchResultSet` */
export const objectsQuery = (selection: string): string =>
  `query (${arguments_}, $filter: ObjectsSearchFilter) { ${objectsCall} { __typename ... on ObjectsSearchResultSet { ${selection} } ${refusals} } }`

const packagePage = (size: number, ordering: string | null): string =>
  `firstPage(size: ${size}, ordering: ${JSON.stringify(ordering)}) { __typename ... on PackagesSearchResultSetPage { cursor hits { name } } ${refusals} }`

/** Names of the packages that are found, the best first unless ordered; `[]` when the answer is the empty set. */
export async function namesFound(
  registry: TestRegistry,
  token: string,
  variables: object,
  { ordering = null, size = 30 }: { readonly ordering?: string | null; readonly size?: number } = {},
): Promise<unknown> {
  const answer = await registry.field(token, packagesQuery(packagePage(size, ordering)), variables)
  return valuesOf(answer, 'name')
}

/** Keys of the objects that are found. */
export async function keysFound(
  registry: TestRegistry,
  token: string,
  variables: object,
  order = 'LEX_ASC',
): Promise<unknown> {
  return valuesOf(
    await registry.field(token, objectsQuery(`firstPage(order: ${order}) { cursor hits { key } }`), variables),
    'key',
  )
}

const found = z.union([
  z.object({ __typename: z.literal('EmptySearchResultSet') }).transform(() => []),
  z.object({ firstPage: page }).transform(({ firstPage }) => firstPage.hits),
])

/** One member of each hit; the answer itself when it has no page. */
function valuesOf(answer: unknown, member: string): unknown {
  const read = found.safeParse(answer)
  return read.success ? read.data.map((hit: Readonly<Record<string, unknown>>) => hit[member]) : answer
}

/** The first page of a list that goes on. */
export const pages = z.object({ firstPage: z.object({ cursor: z.string(), hits: z.array(z.unknown()) }) })
/** The next page of packages, of two. */
export const morePackages = `query ($after: String!) { searchMorePackages(after: $after, size: 2) {
  __typename ... on PackagesSearchResultSetPage { cursor hits { name } } ... on InvalidInput { errors { path name } } } }`
