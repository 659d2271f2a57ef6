import { operation } from '../operation.js'
import { moreObjects } from '../search-answers.js'
import { objectHitFields, refusalFields } from '../search-fields.js'

/** The page of a search behind a cursor. */
export const searchMoreObjectsQuery = operation<{ after: string; size: number }>()({
  document: /* GraphQL */ `query SearchMoreObjects($after: String!, $size: Int!) {
    searchMoreObjects(after: $after, size: $size) {
      __typename
      ... on ObjectsSearchResultSetPage {
        cursor
        hits { ${objectHitFields} }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Searching objects',
  kind: 'search',
  read: moreObjects,
})
