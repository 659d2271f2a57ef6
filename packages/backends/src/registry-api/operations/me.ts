import { z } from 'zod'
import { fields, record } from '../answer.js'
import { operation } from '../operation.js'

const role = record({ name: z.string() })

/** The caller, in the words of the registry. */
export const meShape = record({
  name: z.string(),
  email: z.string(),
  isAdmin: z.boolean(),
  role,
  roles: z.array(role),
})

/** Who the token belongs to; null for a token the registry does not know. */
export const meQuery = operation<Record<string, never>>()({
  document: /* GraphQL */ `query Me { me { name email isAdmin role { name } roles { name } } }`,
  attempt: 'Asking who is signed in',
  kind: 'quick',
  read: fields(record({ me: meShape.nullable() })),
})
