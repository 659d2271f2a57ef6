import { member, record } from '../answer.js'
import { operation } from '../operation.js'

/** Removes every pointer to one revision; manifest and data stay (formats.md 1.9). */
export const packageRevisionDeleteMutation = operation<{ bucket: string; name: string; hash: string }>()({
  document: /* GraphQL */ `mutation PackageRevisionDelete($bucket: String!, $name: String!, $hash: String!) {
    packageRevisionDelete(bucket: $bucket, name: $name, hash: $hash) {
      __typename
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Removing a revision',
  kind: 'write',
  read: member('packageRevisionDelete', 'PackageRevisionDeleteSuccess', record({})),
})
