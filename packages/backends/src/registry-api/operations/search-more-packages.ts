import { operation } from '../operation.js'
import { morePackages } from '../search-answers.js'

/** The page of a search behind a cursor. */
export const searchMorePackagesQuery = operation<{ after: string; size: number }>()({
  document: /* GraphQL */ `query SearchMorePackages($after: String!, $size: Int!) {
    searchMorePackages(after: $after, size: $size) {
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
  }`,
  attempt: 'Searching packages',
  kind: 'quick',
  read: morePackages,
})
