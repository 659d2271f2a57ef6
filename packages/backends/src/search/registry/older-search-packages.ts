// The search of stacks that do not know `ordering` yet. Not among the operations: today's schema refuses it.
import { operation } from '../../registry-api/operation.js'
import { foundPackages } from '../../registry-api/search-answers.js'
import { packageHitFields, packageStatsFields, refusalFields } from '../../registry-api/search-fields.js'
import type { PackagesAsked, PartsAsked, ResultOrder } from '../../registry-api/search-input.js'

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
          ${packageStatsFields}
        }
        firstPage(size: $size, order: $order) @include(if: $withPage) {
          __typename
          cursor
          hits {
            ${packageHitFields}
          }
        }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Searching packages',
  kind: 'quick',
  read: foundPackages,
})
