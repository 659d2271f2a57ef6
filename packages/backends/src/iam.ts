// The AWS identity of this machine, and no catalog: packages are manifests in S3.
import { QuiltError } from '@quilt-mcp/core'
import type { Backend, SelectionStep } from './backend.js'
import { s3Buckets } from './buckets-s3.js'
import { awsEndpoint, awsRegion } from './credentials/aws-settings.js'
import { chainCredentials } from './credentials/chain.js'
import type { FindAwsOptions } from './credentials/find-aws.js'
import { createHttpClient, type HttpClient } from './http/client.js'
import { awsIdentity } from './identity-aws.js'
import { s3Objects } from './objects/s3.js'
import { s3Access } from './objects/s3-access.js'
import { s3Links } from './objects/s3-link.js'
import { s3Uploads } from './objects/s3-uploads.js'
import type { UnfinishedUploads } from './objects/unfinished-uploads.js'
import type { IndexCache } from './packages/indexes/index-cache.js'
import { s3Packages } from './packages/manifests/s3-packages.js'
import { inVisibleBuckets } from './packages/manifests/visible-buckets.js'
import { s3Store } from './packages/stores/s3-store.js'
import { embeddedSearch } from './search/embedded/embedded-search.js'
import { noticedWrites } from './search/embedded/noticed-writes.js'
import { bucketSearchPace, type SearchSettings, searchSource } from './search/embedded/search-settings.js'

export interface IamOptions extends FindAwsOptions, SearchSettings {
  /** Where buckets are looked for first. Default: what the AWS settings say. */
  readonly region?: string | undefined
  /** Address of an S3 that is not Amazon's. Default: what the AWS settings say. */
  readonly s3Endpoint?: string | undefined
  /** Names of registry buckets. Default: those of the account that hold packages; all that may be listed when none does. */
  readonly buckets?: readonly string[] | undefined
  /** Buckets whose requests the caller pays. */
  readonly requesterPays?: readonly string[] | undefined
  readonly http?: HttpClient | undefined
  /** Shared by all backends of a process, if given: then a large manifest is indexed once. */
  readonly indexes?: IndexCache | undefined
  /** Where uploads in parts are noted until they end, so that one that breaks off is continued or taken back. Absent: nowhere. */
  readonly unfinishedUploads?: UnfinishedUploads | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  readonly trace?: readonly SelectionStep[] | undefined
}

const hintWhenDenied =
  'If the readers of the bucket pay for it, name it with --requester-pays; for other rights choose another AWS_PROFILE.'

/** The backend of this machine's AWS identity. Reads the AWS settings; sends nothing before the first call. Without credentials it still
 * reads public buckets.
 * @throws {QuiltError} `invalid_input` when an address is malformed; `unauthenticated` when the AWS settings cannot be read */
export async function iamBackend(options: IamOptions): Promise<Backend> {
  const { http = createHttpClient(), now = Date.now, requesterPays, trace } = options
  const [region, endpoint, stsEndpoint] = await Promise.all([
    options.region || awsRegion(options),
    options.s3Endpoint || awsEndpoint('s3', options),
    awsEndpoint('sts', options),
  ])
  const credentials = chainCredentials({ ...options, http, now })
  const s3 = s3Access({
    credentials,
    http,
    endpoint,
    region: async () => region,
    requesterPays,
    publicReads: true,
    hintWhenDenied,
    unfinishedUploads: options.unfinishedUploads,
  })
  const objects = s3Objects({ s3 })
  const buckets = s3Buckets({ s3, named: options.buckets, now })
  const identity = awsIdentity({
    credentials,
    http,
    region,
    // Keys of another S3 mean nothing to Amazon, and are none of its business.
    stsEndpoint: stsEndpoint ?? (endpoint === undefined ? undefined : null),
    now,
  })
  const search = embeddedSearch({
    ...bucketSearchPace,
    folder: options.searchFolder,
    buckets,
    who: () => lookerOf(identity),
    urlOf: (bucket) => `${endpoint ?? 'aws'}/${bucket}`,
    sourceOf: (bucket) =>
      searchSource(
        { bucket, store: s3Store({ bucket, s3, honoursConditions: endpoint === undefined, now }), objects },
        options,
      ),
    now,
  })
  const packages = inVisibleBuckets(
    s3Packages({ s3, objects, indexes: options.indexes, amazon: endpoint === undefined, now }),
    buckets,
  )
  return {
    name: 'iam',
    ...(trace === undefined ? {} : { trace }),
    identity,
    buckets,
    ...noticedWrites({ objects, packages }, (bucket) => search.changed(bucket)),
    links: s3Links({ s3, now }),
    uploads: s3Uploads({ s3, now }),
    search,
    close: () => search.close(),
  }
}

/** Whose rights an index is made with. Without credentials: the public's. */
async function lookerOf(identity: Backend['identity']): Promise<string> {
  try {
    const { user, role } = await identity()
    return JSON.stringify([user?.name, role])
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'unauthenticated') return 'public'
    throw error
  }
}
