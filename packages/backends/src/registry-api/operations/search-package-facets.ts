import { operation } from '../operation.js'
import { foundMetaFacets } from '../search-answers.js'
import { refusalFields } from '../search-fields.js'
import type { PackagesAsked } from '../search-input.js'

/** Which types and values user metadata has at a path, among packages that are found. */
export const searchPackageFacetsQuery = operation<PackagesAsked & { path: string }>()({
  document: /* GraphQL */ `query SearchPackageFacets(
    $buckets: [String!], $searchString: String, $filter: PackagesSearchFilter, $userMetaFilters: [PackageUserMetaPredicate!],
    $latestOnly: Boolean!, $path: String!
  ) {
    searchPackages(
      buckets: $buckets, searchString: $searchString, filter: $filter, userMetaFilters: $userMetaFilters, latestOnly: $latestOnly
    ) {
      __typename
      ... on PackagesSearchResultSet {
        filteredUserMetaFacets(path: $path) {
          __typename
          ... on IPackageUserMetaFacet { path }
          ... on NumberPackageUserMetaFacet { numbers: extents { min max } }
          ... on DatetimePackageUserMetaFacet { dates: extents { min max } }
          ... on KeywordPackageUserMetaFacet { keywords: extents { values } }
        }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Looking at metadata',
  kind: 'quick',
  read: foundMetaFacets,
})
