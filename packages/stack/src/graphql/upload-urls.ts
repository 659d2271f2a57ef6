// `generateUploadUrl`: a presigned POST for one object. Some registries have it; this stack has it where it is switched on.
import { fromPlain } from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'
import type { IdentityStore } from '../identity/identity-store.js'
import { mayAccess } from '../identity/policy.js'
import { presignedPost } from '../rest/presigned-post.js'
import { callerOf, type GraphqlContext } from './caller.js'

/** The real registry's published schema does not have it: it is no part of `typeDefs`, which is held against that. */
export const uploadUrlTypeDefs = /* GraphQL */ `
type UploadUrl {
  uploadUrl: String!
  fields: JsonRecord!
  expires: Datetime!
}

extend type Mutation {
  generateUploadUrl(bucket: String!, key: String!, contentType: String): UploadUrl!
}
`

export interface UploadUrlDeps {
  readonly identity: Pick<IdentityStore, 'issueCredentials'>
  readonly s3Endpoint: () => string
  readonly now: () => Date
}

interface UploadUrlArgs {
  readonly bucket: string
  readonly key: string
  readonly contentType?: string | null
}

/** How long a form is good. */
const formSeconds = 900

export const uploadUrlResolvers = ({ identity, s3Endpoint, now }: UploadUrlDeps) => ({
  Mutation: {
    generateUploadUrl(_: unknown, { bucket, key, contentType }: UploadUrlArgs, context: GraphqlContext) {
      const principal = callerOf(context)
      if (!mayAccess(principal, bucket, 'READ_WRITE'))
        throw new GraphQLError(`Your role may not write to ${bucket}.`, { extensions: { code: 'FORBIDDEN' } })
      if (key === '') throw new GraphQLError('The key is empty.', { extensions: { code: 'BAD_USER_INPUT' } })
      const form = presignedPost({
        endpoint: s3Endpoint(),
        bucket,
        key,
        contentType: contentType ?? undefined,
        credentials: identity.issueCredentials(principal, formSeconds),
        seconds: formSeconds,
        now: now(),
      })
      return { uploadUrl: form.url, fields: fromPlain(form.fields), expires: form.expires }
    },
  },
})
