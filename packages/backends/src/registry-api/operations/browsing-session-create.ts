import { z } from 'zod'
import { datetime, member, record } from '../answer.js'
import { operation } from '../operation.js'

/** A browsing session as the registry tells it. */
export const browsingSessionShape = record({ id: z.string(), expires: datetime })

/** Opens a browsing session over one revision, named by its quilt+s3 URI (formats.md 6.4). */
export const browsingSessionCreateMutation = operation<{ scope: string; ttl: number }>()({
  document: /* GraphQL */ `mutation BrowsingSessionCreate($scope: String!, $ttl: Int!) {
    browsingSessionCreate(scope: $scope, ttl: $ttl) {
      __typename
      ... on BrowsingSession { id expires }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Opening a browsing session',
  kind: 'quick',
  read: member('browsingSessionCreate', 'BrowsingSession', browsingSessionShape),
})
