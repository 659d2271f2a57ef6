// The part of the schema that is search (formats.md 7.5), held against the real one like the rest.

/** How `firstPage` of packages takes its order: as a text with a grammar, or as older registries do, as one of few. */
export type SearchSignature = 'ordering' | 'order'

const firstPage: Readonly<Record<SearchSignature, string>> = {
  ordering: 'firstPage(size: Int = 30, ordering: PackageOrdering): PackagesFirstPageResult!',
  order: 'firstPage(size: Int = 30, order: SearchResultOrder): PackagesSearchResultSetPage!',
}

const orderingTypes: Readonly<Record<SearchSignature, string>> = {
  ordering: `scalar PackageOrdering
union PackagesFirstPageResult = PackagesSearchResultSetPage | InvalidInput | OperationError`,
  order: '',
}

/** The types of search, and its fields of `Query`. */
export const searchTypeDefs = (signature: SearchSignature): string => /* GraphQL */ `
extend type Query {
  searchObjects(buckets: [String!], searchString: String, filter: ObjectsSearchFilter): ObjectsSearchResult!
  searchPackages(
    buckets: [String!]
    searchString: String
    filter: PackagesSearchFilter
    userMetaFilters: [PackageUserMetaPredicate!]
    latestOnly: Boolean! = false
  ): PackagesSearchResult!
  searchMoreObjects(after: String!, size: Int = 30): ObjectsSearchMoreResult!
  searchMorePackages(after: String!, size: Int = 30): PackagesSearchMoreResult!
}

${orderingTypes[signature]}

enum SearchResultOrder {
  BEST_MATCH
  NEWEST
  OLDEST
  LEX_ASC
  LEX_DESC
}

input DatetimeSearchPredicate {
  gte: Datetime
  lte: Datetime
}

input NumberSearchPredicate {
  gte: Float
  lte: Float
}

input TextSearchPredicate {
  queryString: String!
}

input KeywordSearchPredicate {
  terms: [String!]
  wildcard: String
}

input BooleanSearchPredicate {
  true: Boolean
  false: Boolean
}

input ObjectsSearchFilter {
  modified: DatetimeSearchPredicate
  size: NumberSearchPredicate
  ext: KeywordSearchPredicate
  key: KeywordSearchPredicate
  content: TextSearchPredicate
  deleted: BooleanSearchPredicate
}

input PackagesSearchFilter {
  modified: DatetimeSearchPredicate
  size: NumberSearchPredicate
  name: KeywordSearchPredicate
  hash: KeywordSearchPredicate
  entries: NumberSearchPredicate
  comment: TextSearchPredicate
  workflow: KeywordSearchPredicate
}

input PackageUserMetaPredicate {
  path: String!
  datetime: DatetimeSearchPredicate
  number: NumberSearchPredicate
  text: TextSearchPredicate
  keyword: KeywordSearchPredicate
  boolean: BooleanSearchPredicate
}

type DatetimeExtents {
  min: Datetime!
  max: Datetime!
}

type NumberExtents {
  min: Float!
  max: Float!
}

type KeywordExtents {
  values: [String!]!
}

interface IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
}

type NumberPackageUserMetaFacet implements IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
  extents: NumberExtents!
}

type DatetimePackageUserMetaFacet implements IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
  extents: DatetimeExtents!
}

type KeywordPackageUserMetaFacet implements IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
  extents: KeywordExtents!
}

type TextPackageUserMetaFacet implements IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
}

type BooleanPackageUserMetaFacet implements IPackageUserMetaFacet {
  path: String!
  sortable: Boolean!
}

union PackageUserMetaFacet =
  | NumberPackageUserMetaFacet
  | DatetimePackageUserMetaFacet
  | KeywordPackageUserMetaFacet
  | TextPackageUserMetaFacet
  | BooleanPackageUserMetaFacet

enum PackageUserMetaFacetType {
  NUMBER
  DATETIME
  KEYWORD
  TEXT
  BOOLEAN
}

type EmptySearchResultSet {
  _: Boolean
}

type ObjectsSearchStats {
  modified: DatetimeExtents!
  size: NumberExtents!
  ext: KeywordExtents!
}

type SearchHitObject {
  id: ID!
  score: Float!
  bucket: String!
  key: String!
  version: String!
  size: Float!
  modified: Datetime!
  deleted: Boolean!
  indexedContent: String
}

type ObjectsSearchResultSetPage {
  cursor: String
  hits: [SearchHitObject!]!
}

type ObjectsSearchResultSet {
  total: Int!
  stats: ObjectsSearchStats!
  firstPage(size: Int = 30, order: SearchResultOrder): ObjectsSearchResultSetPage!
}

union ObjectsSearchResult = ObjectsSearchResultSet | EmptySearchResultSet | InvalidInput | OperationError
union ObjectsSearchMoreResult = ObjectsSearchResultSetPage | InvalidInput | OperationError

type PackagesSearchStats {
  modified: DatetimeExtents!
  size: NumberExtents!
  entries: NumberExtents!
  workflow: KeywordExtents!
  userMeta: [PackageUserMetaFacet!]!
  userMetaTruncated: Boolean!
}

type SearchHitPackageMatchLocations {
  name: Boolean!
  comment: Boolean!
  meta: Boolean!
  workflow: Boolean!
}

type SearchHitPackageEntryMatchLocations {
  logicalKey: Boolean!
  physicalKey: Boolean!
  meta: Boolean!
  contents: Boolean!
}

type SearchHitPackageMatchingEntry {
  logicalKey: String!
  physicalKey: String!
  size: Float!
  meta: String
  matchLocations: SearchHitPackageEntryMatchLocations!
}

type SearchHitPackage {
  id: ID!
  score: Float!
  bucket: String!
  name: String!
  pointer: String!
  hash: String!
  size: Float!
  modified: Datetime!
  totalEntriesCount: Int!
  comment: String
  meta: String
  workflow: JsonRecord
  matchLocations: SearchHitPackageMatchLocations!
  matchingEntries: [SearchHitPackageMatchingEntry!]!
}

type PackagesSearchResultSetPage {
  cursor: String
  hits: [SearchHitPackage!]!
}

type PackagesSearchResultSet {
  total: Int!
  stats: PackagesSearchStats!
  filteredUserMetaFacets(path: String!, type: PackageUserMetaFacetType): [PackageUserMetaFacet!]!
  ${firstPage[signature]}
}

union PackagesSearchResult = PackagesSearchResultSet | EmptySearchResultSet | InvalidInput | OperationError
union PackagesSearchMoreResult = PackagesSearchResultSetPage | InvalidInput | OperationError
`
