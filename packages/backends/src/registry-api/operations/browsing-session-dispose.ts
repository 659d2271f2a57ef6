import { member, record } from '../answer.js'
import { operation } from '../operation.js'

/** Ends a browsing session. */
export const browsingSessionDisposeMutation = operation<{ id: string }>()({
  document: /* GraphQL */ `mutation BrowsingSessionDispose($id: ID!) {
    browsingSessionDispose(id: $id) { __typename ... on OperationError { message name context } }
  }`,
  attempt: 'Ending a browsing session',
  kind: 'quick',
  read: member('browsingSessionDispose', 'Ok', record({})),
})
