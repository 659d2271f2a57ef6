// Who asks, and what they may see. Every resolver that shows anything begins here.
import { GraphQLError } from 'graphql'
import type { BucketRecord } from '../identity/buckets.js'
import type { IdentityStore } from '../identity/identity-store.js'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'

/** What every resolver is given of the request. */
export interface GraphqlContext {
  /** Undefined: nobody, or a token that is not known. */
  readonly principal: Principal | undefined
}

/** @throws {GraphQLError} that answers the whole request with 401 */
export function callerOf({ principal }: GraphqlContext): Principal {
  if (principal !== undefined) return principal
  throw new GraphQLError('Unauthorized', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } })
}

/** The record of a bucket that the active role reaches. Undefined for any other, whether it exists or not. */
export function visibleBucket(
  identity: Pick<IdentityStore, 'bucketRecord'>,
  principal: Principal,
  name: string,
): BucketRecord | undefined {
  return mayAccess(principal, name, 'READ') ? identity.bucketRecord(name) : undefined
}
