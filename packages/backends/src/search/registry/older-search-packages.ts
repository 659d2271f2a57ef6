import { operation } from '../../registry-api/operation.js'
import { foundPackages } from '../../registry-api/search-answers.js'
import type { PackagesAsked, PartsAsked, ResultOrder } from '../../registry-api/search-input.js'

// The search of stacks that do not know `ordering` yet. Not among the operations: today's schema refuses it.
/** As `searchPackagesQuery`, with the few orders that there were. */
export const olderSearchPackagesQuery = operation<PackagesAsked & PartsAsked & { order: ResultOrder }>()({
  document: /* GraphQL */ `query SearchPackages(
    $buckets: [String!], $searchString: String, $filter: PackagesSearchFilter, $userMetaFilters: [PackageUserMetaPredicate!],
    $latestOnly: Boolean!, $size: Int!, $order: SearchResultOrder, $withPage: Boolean!, $withStats: Boolean!
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
        firstPage(size: $size, order: $order) @include(if: $withPage) {
          __typename
          cursor
          hits {
            bucket name pointer hash size modified totalEntriesCount comment meta workflow
            matchLocations { name comment meta workflow }
            matchingEntries { logicalKey physicalKey size meta matchLocations { logicalKey physicalKey meta contents } }
          }
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
