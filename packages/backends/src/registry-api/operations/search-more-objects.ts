import { operation } from '../operation.js'
import { moreObjects } from '../search-answers.js'

/** The page of a search behind a cursor. */
export const searchMoreObjectsQuery = operation<{ after: string; size: number }>()({
  document: /* GraphQL */ `query SearchMoreObjects($after: String!, $size: Int!) {
    searchMoreObjects(after: $after, size: $size) {
      __typename
      ... on ObjectsSearchResultSetPage {
        cursor
        hits { bucket key version size modified deleted indexedContent }
      }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Searching objects',
  kind: 'search',
  read: moreObjects,
})
