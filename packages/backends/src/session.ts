// A Quilt stack as the user who is signed in on this machine: the registry says who that is and which buckets there are; packages are
// manifests in S3, reached with the AWS credentials that the registry issues.
import type { Backend, SelectionStep } from './backend.js'
import { registryBuckets } from './buckets.js'
import { createCredentialCache } from './credentials/cache.js'
import type { QuiltSession } from './credentials/find-session.js'
import { sessionCredentials } from './credentials/session-credentials.js'
import { sessionFiles } from './credentials/session-files.js'
import { sessionTokens } from './credentials/session-tokens.js'
import { createHttpClient, type HttpClient } from './http/client.js'
import { registryIdentity } from './identity.js'
import { s3Objects } from './objects/s3.js'
import { s3Access } from './objects/s3-access.js'
import { s3Links } from './objects/s3-link.js'
import { s3Uploads } from './objects/s3-uploads.js'
import type { UnfinishedUploads } from './objects/unfinished-uploads.js'
import type { IndexCache } from './packages/indexes/index-cache.js'
import { s3Packages } from './packages/manifests/s3-packages.js'
import { inVisibleBuckets } from './packages/manifests/visible-buckets.js'
import { stackAddress } from './registry-api/address.js'
import { registryGraphql } from './registry-api/graphql.js'
import { registrySearch } from './search/registry/registry-search.js'
import { createSearchForms } from './search/registry/search-forms.js'

export interface SessionOptions {
  /** As `findSession` found it. */
  readonly session: QuiltSession
  /** API key or token to use in place of the sign-in; then nothing is read from quilt3's files, and nothing written. */
  readonly token?: string | undefined
  /** Address of an S3 that is not Amazon's. */
  readonly s3Endpoint?: string | undefined
  /** Buckets whose requests the caller pays. */
  readonly requesterPays?: readonly string[] | undefined
  /** Shared by all backends of a process, if given. Holds no identity. */
  readonly http?: HttpClient | undefined
  /** Shared by all backends of a process, if given: then a large manifest is indexed once. */
  readonly indexes?: IndexCache | undefined
  /** Where uploads in parts are noted until they end, so that one that breaks off is continued or taken back. Absent: nowhere. */
  readonly unfinishedUploads?: UnfinishedUploads | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  readonly trace?: readonly SelectionStep[] | undefined
}

/** The backend of one sign-in. Nothing is sent before the first call. */
export function sessionBackend(options: SessionOptions): Backend {
  const { session, s3Endpoint, requesterPays, http = createHttpClient(), now = Date.now, trace } = options
  const { registryUrl, catalogUrl } = session
  const address = stackAddress({ registryUrl, catalogUrl }, { http })
  const region = async () => session.region ?? (await address.catalog())?.config.region ?? 'us-east-1'

  const files = sessionFiles(session.folder)
  const ownFiles = options.token === undefined && session.isDefault ? files : undefined
  const token = options.token ?? sessionTokens({ files, registryUrl, http, now })
  const graphql = registryGraphql({ registryUrl: address.registryUrl, token, http })
  const cache = createCredentialCache({ max: 1, now })
  const credentials = sessionCredentials({ registryUrl, token, http, cache, files: ownFiles, now })
  const { unfinishedUploads } = options
  const s3 = s3Access({
    credentials,
    http,
    endpoint: s3Endpoint,
    region,
    requesterPays,
    publicReads: true,
    unfinishedUploads,
  })
  const objects = s3Objects({ s3 })
  const buckets = registryBuckets(graphql, s3)
  return {
    name: 'session',
    ...(trace === undefined ? {} : { trace }),
    ...(catalogUrl === undefined ? {} : { catalogUrl }),
    identity: async (call) => ({
      ...(await registryIdentity({ graphql, address, credentials }, call)),
      backend: 'session',
    }),
    buckets,
    objects,
    links: s3Links({ s3, now }),
    uploads: s3Uploads({ s3, now }),
    packages: inVisibleBuckets(
      s3Packages({ s3, objects, indexes: options.indexes, amazon: s3Endpoint === undefined, now }),
      buckets,
    ),
    search: registrySearch({
      graphql,
      stack: registryUrl,
      forms: createSearchForms(),
      rest: { registryUrl: address.registryUrl, token, http },
      now,
    }),
    close: async () => {},
  }
}
