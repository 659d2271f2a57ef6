import { member } from '../answer.js'
import { operation } from '../operation.js'
import { meShape } from './me.js'

/** Makes another role of the caller active, for all sessions of the user (formats.md 7.6). Never sent twice. */
export const switchRoleMutation = operation<{ roleName: string }>()({
  document: /* GraphQL */ `mutation SwitchRole($roleName: String!) {
    switchRole(roleName: $roleName) {
      __typename
      ... on Me { name email isAdmin role { name } roles { name } }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Switching the role',
  kind: 'quick',
  read: member('switchRole', 'Me', meShape),
})
