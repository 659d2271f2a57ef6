// A Quilt stack as one of its users, known by a token.
import type { Backend, SelectionStep } from './backend.js'
import { registryBuckets } from './buckets.js'
import { type AssumeRoleOptions, assumedRoleCredentials } from './credentials/assume-role.js'
import { type CredentialCache, createCredentialCache } from './credentials/cache.js'
import { embeddedCredentials } from './credentials/embedded.js'
import { exchangedCredentials } from './credentials/exchange.js'
import { credentialsInOrder } from './credentials/in-order.js'
import type { AwsCredentials } from './credentials/outcome.js'
import { createHttpClient, type HttpClient } from './http/client.js'
import { registryIdentity } from './identity.js'
import { s3Entries } from './objects/entry-facts-s3.js'
import { withRegistryUploads } from './objects/registry-uploads.js'
import { s3Objects } from './objects/s3.js'
import { s3Access } from './objects/s3-access.js'
import { s3Links } from './objects/s3-link.js'
import { s3Uploads } from './objects/s3-uploads.js'
import type { UnfinishedUploads } from './objects/unfinished-uploads.js'
import { createIndexCache, type IndexCache } from './packages/indexes/index-cache.js'
import { s3CopyInside } from './packages/manifests/s3-packages.js'
import { createEntryCache, type EntryCache } from './packages/registry/entry-cache.js'
import { registryPackages } from './packages/registry/registry.js'
import { s3Store } from './packages/stores/s3-store.js'
import { type StackUrls, stackAddress, stackKey } from './registry-api/address.js'
import { browseSessions } from './registry-api/browse.js'
import { registryGraphql } from './registry-api/graphql.js'
import { createUploadUrlOffers, type UploadUrlOffers } from './registry-api/upload-url-offers.js'
import { registryRoles } from './roles.js'
import { registrySearch } from './search/registry/registry-search.js'
import { createSearchForms, type SearchForms } from './search/registry/search-forms.js'

/** At least one URL; the other is found from it. */
export interface PlatformOptions extends StackUrls {
  /** Catalog session token or API key. */
  readonly token: string
  /** Address of an S3 that is not Amazon's. */
  readonly s3Endpoint?: string | undefined
  /** Shared by all backends of a process, if given. Holds no identity. */
  readonly http?: HttpClient | undefined
  /** Shared by all backends of a process, if given: then a token is exchanged once, whoever asks. */
  readonly credentialCache?: CredentialCache | undefined
  /** Whether the registry is asked for AWS credentials. Default true; false for a token that it does not know, or who acts in another role. */
  readonly exchanges?: boolean | undefined
  /** Role that the verified token names: assumed when the registry gives no credentials. */
  readonly assumeRole?: AssumeRoleOptions | undefined
  /** Credentials that the verified token holds: used when the registry gives none and no role may be assumed. */
  readonly embeddedCredentials?: AwsCredentials | undefined
  /** Shared by all backends of a process, if given: then a large manifest is indexed once, whoever looks into it. */
  readonly indexes?: IndexCache | undefined
  /** Shared by all backends of a process, if given: then what they keep of packages stays below one bound. None sees another's. */
  readonly entryCache?: EntryCache | undefined
  /** Shared by all backends of a process, if given: then a registry is asked once whether it offers upload forms. */
  readonly uploadUrlOffers?: UploadUrlOffers | undefined
  /** Shared by all backends of a process, if given: then it is found out once how a registry searches. */
  readonly searchForms?: SearchForms | undefined
  /** Where uploads in parts are noted until they end, so that one that breaks off is continued or taken back. Absent: nowhere. */
  readonly unfinishedUploads?: UnfinishedUploads | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** Milliseconds before each look for a revision whose push was not answered. */
  readonly lookPausesMs?: readonly number[] | undefined
  readonly trace?: readonly SelectionStep[] | undefined
}

/** The backend of one token. Nothing is sent before the first call.
 * @throws {QuiltError} `invalid_input` when a URL is malformed or none is given */
export function platformBackend(options: PlatformOptions): Backend {
  const {
    token,
    s3Endpoint,
    now = Date.now,
    http = createHttpClient(),
    credentialCache = createCredentialCache({ now }),
    exchanges = true,
    assumeRole,
    embeddedCredentials: embedded,
    indexes = createIndexCache(),
    trace,
  } = options
  const address = stackAddress(options, { http })
  const { registryUrl } = address
  const stack = stackKey(options)
  const region = async () => (await address.catalog())?.config.region ?? 'us-east-1'

  const graphql = registryGraphql({ registryUrl, token, http })
  const cache = credentialCache
  const credentials = credentialsInOrder([
    ...(exchanges ? [exchangedCredentials({ stack, registryUrl, token, http, cache })] : []),
    ...(assumeRole === undefined ? [] : [assumedRoleCredentials({ ...assumeRole, stack, token, http, cache })]),
    ...(embedded === undefined ? [] : [embeddedCredentials(embedded, { now })]),
  ])
  const { unfinishedUploads } = options
  const s3 = s3Access({ credentials, http, endpoint: s3Endpoint, region, unfinishedUploads })
  const { uploadUrlOffers: offers = createUploadUrlOffers() } = options
  const { objects, uploads } = withRegistryUploads({
    own: { objects: s3Objects({ s3 }), uploads: s3Uploads({ s3, now }) },
    credentials,
    graphql,
    address,
    offers,
    http,
    budget: s3.uploading.budget,
  })
  const browse = browseSessions({ graphql, address, token, http, now })
  const entries = (options.entryCache ?? createEntryCache()).part()
  const packages = registryPackages({
    graphql,
    objects,
    credentials,
    browse,
    cache: entries,
    indexes,
    lookPausesMs: options.lookPausesMs,
    own: {
      objects,
      entries: s3Entries({ s3 }),
      copyInside: s3CopyInside(s3),
      storeOf: (bucket) => s3Store({ bucket, s3, honoursConditions: s3Endpoint === undefined, now }),
      available: (signal) => credentials.available(signal),
    },
  })
  const forget = async () => {
    cache.dropAll({ stack, token })
    entries.clear()
    await browse.close()
  }
  const onRole = onAnotherRole(forget)
  return {
    name: 'platform',
    ...(trace === undefined ? {} : { trace }),
    identity: (call) => registryIdentity({ graphql, address, credentials, onRole }, call),
    buckets: registryBuckets(graphql, s3),
    objects,
    links: s3Links({ s3, now }),
    uploads,
    packages,
    search: registrySearch({
      graphql,
      stack,
      forms: options.searchForms ?? createSearchForms(),
      rest: { registryUrl, token, http },
      now,
    }),
    roles: registryRoles({ graphql, forget }),
    close: () => browse.close(),
  }
}

/** Forgets when the registry sees the principal in another role than it did before: another session of the user has switched. At the first
 * look, too: in which role what is kept was got, nobody can tell. */
function onAnotherRole(forget: () => Promise<void>): (role: string) => Promise<void> {
  let last: string | undefined
  return async (role) => {
    const another = last !== role
    last = role
    if (another) await forget()
  }
}
