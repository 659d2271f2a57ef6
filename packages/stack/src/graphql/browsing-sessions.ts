// Browsing sessions over one revision; the files themselves are served by rest (formats.md 6.4, 7.6).
import { parseQuiltUri, QuiltError, type QuiltUri } from '@quilt-mcp/core'
import type { IdentityStore } from '../identity/identity-store.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import type { BrowseSessionRefusal, BrowseSessions } from '../rest/browse-sessions.js'
import { callerOf, type GraphqlContext, visibleBucket } from './caller.js'
import { invalidInput, operationError } from './refusals.js'

interface LifeArgs {
  /** Seconds. */
  readonly ttl: number
}

export interface BrowsingSessionDeps {
  readonly identity: Pick<IdentityStore, 'bucketRecord'>
  readonly packages: RegistryPackages
  readonly browseSessions: BrowseSessions
}

const longestLifeSeconds = 86_400

export const browsingSessionResolvers = ({ identity, packages, browseSessions }: BrowsingSessionDeps) => ({
  Mutation: {
    async browsingSessionCreate(
      _: unknown,
      { scope, ttl }: LifeArgs & { readonly scope: string },
      context: GraphqlContext,
    ) {
      const principal = callerOf(context)
      const uri = uriFrom(scope)
      if (typeof uri === 'string') return invalidInput('scope', 'InvalidScope', uri)
      if (!livable(ttl)) return wrongLife()
      const bucket = visibleBucket(identity, principal, uri.bucket)
      if (bucket === undefined) return operationError('BucketNotFound', `There is no bucket ${uri.bucket}.`)
      if (!bucket.browsable) return operationError('BucketNotBrowsable', `The bucket ${uri.bucket} is not browsable.`)
      const revision = await packages.resolve(uri.bucket, uri.name, uri.topHash ?? uri.tag ?? 'latest')
      if (revision === undefined) return invalidInput('scope', 'InvalidScope', `There is no package revision ${scope}.`)
      return { __typename: 'BrowsingSession', ...browseSessions.create(principal.userId, revision, ttl) }
    },
    browsingSessionRefresh(_: unknown, { id, ttl }: LifeArgs & { readonly id: string }, context: GraphqlContext) {
      const { userId } = callerOf(context)
      if (!livable(ttl)) return wrongLife()
      const result = browseSessions.refresh(id, userId, ttl)
      return typeof result === 'string' ? refused(result) : { __typename: 'BrowsingSession', ...result }
    },
    browsingSessionDispose(_: unknown, { id }: { readonly id: string }, context: GraphqlContext) {
      const result = browseSessions.dispose(id, callerOf(context).userId)
      return result === 'disposed' ? { __typename: 'Ok' } : refused(result)
    },
  },
})

/** The URI, or what is wrong with it. */
function uriFrom(scope: string): QuiltUri | string {
  try {
    return parseQuiltUri(scope)
  } catch (error) {
    if (error instanceof QuiltError) return error.message
    throw error
  }
}

const livable = (seconds: number): boolean => seconds >= 1 && seconds <= longestLifeSeconds

const wrongLife = () => invalidInput('ttl', 'InvalidTtl', `A session lives for 1 to ${longestLifeSeconds} seconds.`)

const refused = (refusal: BrowseSessionRefusal) =>
  refusal === 'not_found'
    ? operationError('SessionNotFound', 'There is no such browsing session, or it has ended.')
    : operationError('OwnerMismatch', 'The browsing session belongs to somebody else.')
