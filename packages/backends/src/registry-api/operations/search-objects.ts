import { operation } from '../operation.js'
import { foundObjects } from '../search-answers.js'
import { objectHitFields, refusalFields } from '../search-fields.js'
import type { ObjectsAsked, PartsAsked, ResultOrder } from '../search-input.js'

/** Searches objects. Over big buckets it takes 20 to 60 seconds. */
export const searchObjectsQuery = operation<ObjectsAsked & PartsAsked & { order: ResultOrder }>()({
  document: /* GraphQL */ `query SearchObjects(
    $buckets: [String!], $searchString: String, $filter: ObjectsSearchFilter,
    $size: Int!, $order: SearchResultOrder, $withPage: Boolean!, $withStats: Boolean!
  ) {
    searchObjects(buckets: $buckets, searchString: $searchString, filter: $filter) {
      __typename
      ... on ObjectsSearchResultSet {
        total
        stats @include(if: $withStats) { modified { min max } size { min max } ext { values } }
        firstPage(size: $size, order: $order) @include(if: $withPage) {
          cursor
          hits { ${objectHitFields} }
        }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Searching objects',
  kind: 'search',
  read: foundObjects,
})
