// Buckets: what the active role reaches; configs of all of them for administrators (formats.md 7.2).
import type { IdentityStore } from '../identity/identity-store.js'
import { mayAccess } from '../identity/policy.js'
import { callerOf, type GraphqlContext, visibleBucket } from './caller.js'

interface BucketArgs {
  readonly name: string
}

export const bucketResolvers = (identity: Pick<IdentityStore, 'bucketRecord' | 'bucketRecords'>) => ({
  Query: {
    buckets(_: unknown, _args: unknown, context: GraphqlContext) {
      const principal = callerOf(context)
      return identity.bucketRecords().filter(({ name }) => mayAccess(principal, name, 'READ'))
    },
    bucket: (_: unknown, { name }: BucketArgs, context: GraphqlContext) =>
      visibleBucket(identity, callerOf(context), name),
    bucketConfigs(_: unknown, _args: unknown, context: GraphqlContext) {
      const principal = callerOf(context)
      return identity.bucketRecords().filter(({ name }) => principal.isAdmin || mayAccess(principal, name, 'READ'))
    },
    bucketConfig(_: unknown, { name }: BucketArgs, context: GraphqlContext) {
      const principal = callerOf(context)
      return principal.isAdmin ? identity.bucketRecord(name) : visibleBucket(identity, principal, name)
    },
  },
})
