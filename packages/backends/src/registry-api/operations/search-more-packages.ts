import { operation } from '../operation.js'
import { morePackages } from '../search-answers.js'
import { packageHitFields, refusalFields } from '../search-fields.js'

/** The page of a search behind a cursor. */
export const searchMorePackagesQuery = operation<{ after: string; size: number }>()({
  document: /* GraphQL */ `query SearchMorePackages($after: String!, $size: Int!) {
    searchMorePackages(after: $after, size: $size) {
      __typename
      ... on PackagesSearchResultSetPage {
        cursor
        hits {
          ${packageHitFields}
        }
      }
      ${refusalFields}
    }
  }`,
  attempt: 'Searching packages',
  kind: 'quick',
  read: morePackages,
})
