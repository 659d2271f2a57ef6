// S3 as one principal: credentials when they are needed, the SDK at the first use, errors in our words.
import type { S3Client } from '@aws-sdk/client-s3'
import { QuiltError } from '@quilt-mcp/core'
import type { CredentialSource } from '../credentials/exchange.js'
import type { AwsCredentials } from '../credentials/outcome.js'
import { once } from '../once.js'
import { type S3ClientsDeps, type S3Sdk, s3Clients } from './s3-clients.js'
import { areCredentialsDead, s3Error, s3Failure } from './s3-error.js'
import { type S3RouteContext, type S3Sender, type S3Signer, s3Routes } from './s3-routes.js'
import type { UnfinishedUploads } from './unfinished-uploads.js'
import { createUploading, type Uploading } from './uploading.js'

/** What one piece of work with S3 has at hand. */
export interface S3Call {
  readonly sdk: S3Sdk
  /** Sends a command to the region of its bucket. */
  readonly client: S3Sender
  /** Options for `client.send`. */
  readonly send: { readonly abortSignal?: AbortSignal }
  /** For signatures that are not sent at once: the credentials, and a client in the bucket's own region. */
  signerFor(bucket: string): Promise<{ readonly client: S3Client; readonly credentials: AwsCredentials }>
}

/** Runs work with S3. */
export interface S3Access {
  /** @param attempt what is tried, for error messages: `Reading s3://bucket/key`
   * @throws {QuiltError} what S3 said, in our words; dead credentials are exchanged again and the work repeated once */
  run<T>(attempt: string, signal: AbortSignal | undefined, work: (call: S3Call) => Promise<T>): Promise<T>
  /** Notes where a bucket lives, when S3 told by the way. */
  learnRegion(bucket: string, region: string | undefined): void
  /** Whether this S3 is known to honour the conditions of writes, as Amazon's does. */
  readonly honoursConditions: boolean
  readonly uploading: Uploading
}

export interface S3AccessDeps extends S3ClientsDeps {
  readonly credentials: CredentialSource
  /** Region in which buckets are looked for first. */
  readonly region: () => Promise<string>
  /** Whether a refused read is tried unsigned, and reads go unsigned when there are no credentials at all. Default false: for a tenant
   * nothing is ever sent but with the tenant's own credentials. */
  readonly publicReads?: boolean | undefined
  /** What a caller who is refused may do. Default: that of `s3Error`. */
  readonly hintWhenDenied?: string | undefined
  /** Where uploads in parts are noted until they end. Absent: nowhere. */
  readonly unfinishedUploads?: UnfinishedUploads | undefined
}

/** Makes the access. Nothing is exchanged, loaded or opened before the first call. */
export function s3Access(deps: S3AccessDeps): S3Access {
  const { credentials: source, endpoint, region, publicReads = false, hintWhenDenied } = deps
  const sdkLoaded = once(() => import('@aws-sdk/client-s3'))
  const regionKnown = once(region)
  const routes = s3Routes({ clients: s3Clients(deps), publicReads })

  const signerNow = async (signal: AbortSignal | undefined): Promise<S3Signer> => {
    try {
      return { kind: 'credentials', credentials: await source.get(signal) }
    } catch (error) {
      if (publicReads && isWithoutCredentials(error)) return { kind: 'nobody', reason: error }
      throw error
    }
  }

  const callAs = (context: S3RouteContext, signal: AbortSignal | undefined): S3Call => {
    const { sdk, signer } = context
    const client = routes.sender(context)
    const send = signal === undefined ? {} : { abortSignal: signal }
    return {
      sdk,
      client,
      send,
      async signerFor(bucket) {
        if (signer.kind === 'nobody') throw signer.reason
        // At Amazon a signature must name the bucket's own region.
        if (endpoint === undefined && routes.regionOf(bucket) === undefined) {
          routes.learnRegion(bucket, await bucketRegion(bucket, { sdk, client, send }))
        }
        return { client: routes.clientOf(bucket, context), credentials: signer.credentials }
      },
    }
  }

  return {
    learnRegion: routes.learnRegion,
    honoursConditions: endpoint === undefined,
    uploading: createUploading({ endpoint, unfinished: deps.unfinishedUploads }),
    async run(attempt, signal, work) {
      for (let again = false; ; again = true) {
        const signer = await signerNow(signal)
        const [sdk, regionName] = await Promise.all([sdkLoaded(signal), regionKnown(signal)])
        try {
          return await work(callAs({ sdk, signer, region: regionName }, signal))
        } catch (error) {
          if (signal?.aborted) throw signal.reason
          const failure = s3Failure(error)
          const dead = failure !== undefined && areCredentialsDead(failure)
          if (dead && signer.kind === 'credentials') source.drop(signer.credentials)
          // The SDK has learnt the clock's skew from the refused request: the second one fits.
          if (again || !(dead || failure?.name === 'RequestTimeTooSkewed')) {
            throw s3Error(error, attempt, { hintWhenDenied })
          }
        }
      }
    },
  }
}

/** Nothing is set up, which is not the same as something that does not work. */
function isWithoutCredentials(error: unknown): boolean {
  return error instanceof QuiltError && error.details?.reason === 'no-aws-credentials'
}

/** S3 names a bucket's region even to those who may not list it: then the sender has learnt it from the refusal. */
async function bucketRegion(
  bucket: string,
  { sdk, client, send }: Pick<S3Call, 'sdk' | 'client' | 'send'>,
): Promise<string | undefined> {
  try {
    return (await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }), send)).BucketRegion
  } catch (error) {
    if (s3Failure(error)?.status === 403) return undefined
    throw error
  }
}
