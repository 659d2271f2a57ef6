import { operation } from '../operation.js'
import { foundPackages } from '../search-answers.js'
import { packageHitFields, packageStatsFields, refusalFields } from '../search-fields.js'
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
          ${packageStatsFields}
        }
        firstPage(size: $size, ordering: $ordering) @include(if: $withPage) {
          __typename
          ... on PackagesSearchResultSetPage {
            cursor
            hits {
              ${packageHitFields}
            }
          }
          ${refusalFields}
        }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Searching packages',
  kind: 'quick',
  read: foundPackages,
})
