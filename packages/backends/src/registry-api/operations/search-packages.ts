import { operation } from '../operation.js'
import { foundPackages } from '../search-answers.js'
import type { PackagesAsked, PartsAsked } from '../search-input.js'

/** Searches packages. `ordering` as formats.md 7.5 has it; null: the best first. */
export const searchPackagesQuery = operation<PackagesAsked & PartsAsked & { ordering: string | null }>()({
  document: /* GraphQL */ `query SearchPackages(
    $buckets: [String!], $searchString: String, $filter: PackagesSearchFilter, $userMetaFilters: [PackageUserMetaPredicate!],
    $latestOnly: Boolean!, $size: Int!, $ordering: PackageOrdering, $withPage: Boolean!, $withStats: Boolean!
  ) {
    searchPackages(
      buckets: $buckets, searchString: $searchString, filter: $filter, userMetaFilters: $userMetaFilters, latestOnly: $latestOnly
    ) {
      __typename
      ... on PackagesSearchResultSet {
        total
        stats @include(if: $withStats) {
          modified { min max } size { min max } entries { min max } workflow { values } userMetaTruncated
          userMeta { __typename ... on IPackageUserMetaFacet { path } }
        }
        firstPage(size: $size, ordering: $ordering) @include(if: $withPage) {
          __typename
          ... on PackagesSearchResultSetPage {
            cursor
            hits {
              bucket name pointer hash size modified totalEntriesCount comment meta workflow
              matchLocations { name comment meta workflow }
              matchingEntries { logicalKey physicalKey size meta matchLocations { logicalKey physicalKey meta contents } }
            }
          }
          ... on InvalidInput { errors { path message name context } }
          ... on OperationError { message name context }
        }
      }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Searching packages',
  kind: 'quick',
  read: foundPackages,
})
