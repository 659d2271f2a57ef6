import { member } from '../answer.js'
import { operation } from '../operation.js'
import { browsingSessionShape } from './browsing-session-create.js'

/** Makes a browsing session live for another `ttl` seconds. */
export const browsingSessionRefreshMutation = operation<{ id: string; ttl: number }>()({
  document: /* GraphQL */ `mutation BrowsingSessionRefresh($id: ID!, $ttl: Int!) {
    browsingSessionRefresh(id: $id, ttl: $ttl) {
      __typename
      ... on BrowsingSession { id expires }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Refreshing a browsing session',
  kind: 'quick',
  read: member('browsingSessionRefresh', 'BrowsingSession', browsingSessionShape),
})
