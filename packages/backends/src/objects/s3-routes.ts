// Which way a request goes: to the region that its bucket lives in, and unsigned where only the public may read (formats.md 5.8).
import type {
  $Command,
  S3Client,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-s3'
import { LRUCache } from 'lru-cache'
import type { AwsCredentials } from '../credentials/outcome.js'
import type { S3Clients, S3Sdk } from './s3-clients.js'
import { areCredentialsDead, regionTold, s3Failure } from './s3-error.js'

/** Sends commands as a client of the SDK does. */
export interface S3Sender {
  send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: $Command<Input, Output, S3ClientResolvedConfig>,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<Output>
}

/** Who sends: with credentials, or why there are none. */
export type S3Signer =
  | { readonly kind: 'credentials'; readonly credentials: AwsCredentials }
  | { readonly kind: 'nobody'; readonly reason: unknown }

export interface S3RoutesDeps {
  readonly clients: S3Clients
  /** Whether a refused read is tried unsigned: for the user's own machine only, never for a tenant. */
  readonly publicReads: boolean
}

export interface S3RouteContext {
  readonly sdk: S3Sdk
  readonly signer: S3Signer
  /** Where a bucket is looked for first. */
  readonly region: string
}

/** The ways to the buckets of one principal, learnt by going them. */
export interface S3Routes {
  sender(context: S3RouteContext): S3Sender
  /** The client that signs for a bucket in its own region, as far as that is known. @throws why there are no credentials */
  clientOf(bucket: string, context: S3RouteContext): S3Client
  regionOf(bucket: string): string | undefined
  learnRegion(bucket: string, region: string | undefined): void
}

type Way = 'signed' | 'unsigned'

const bucketsKept = 1_000

/** Makes the routes. Nothing is asked ahead: a bucket elsewhere is found by S3's own answer to the first request. */
export function s3Routes({ clients, publicReads }: S3RoutesDeps): S3Routes {
  const regions = new LRUCache<string, string>({ max: bucketsKept })
  const openedUnsigned = new LRUCache<string, true>({ max: bucketsKept })

  const clientFor = (way: Way, region: string, { sdk, signer }: S3RouteContext): S3Client => {
    if (way === 'unsigned') return clients.unsigned(sdk, region)
    if (signer.kind === 'nobody') throw signer.reason
    return clients.signed(sdk, region, signer.credentials)
  }

  const learnRegion = (bucket: string, region: string | undefined) => {
    if (region !== undefined) regions.set(bucket, region)
  }

  const waysOf = (read: string | undefined, { signer }: S3RouteContext): readonly Way[] => {
    if (!publicReads || read === undefined) return ['signed']
    if (signer.kind === 'nobody') return ['unsigned']
    return openedUnsigned.has(read) ? ['unsigned', 'signed'] : ['signed', 'unsigned']
  }

  const sender = (context: S3RouteContext): S3Sender => ({
    async send(command, options) {
      const bucket = bucketOf(command.input)
      const sendBy = async (way: Way) => {
        const region = regions.get(bucket ?? '') ?? context.region
        try {
          return await clientFor(way, region, context).send(command, options)
        } catch (error) {
          const told = regionTold(error)
          if (bucket !== undefined) learnRegion(bucket, told)
          if (bucket === undefined || told === undefined || told === region) throw error
          return clientFor(way, told, context).send(command, options)
        }
      }
      const read = bucket === undefined || !isRead(command, context.sdk) ? undefined : `${readName(command)} ${bucket}`
      const refusals = new Map<Way, unknown>()
      for (const way of waysOf(read, context)) {
        try {
          const output = await sendBy(way)
          if (way === 'unsigned' && read !== undefined) openedUnsigned.set(read, true)
          return output
        } catch (error) {
          if (!isDenied(error)) throw error
          refusals.set(way, error)
        }
      }
      // What S3 says to the user matters more than what it says to nobody.
      if (context.signer.kind === 'nobody') throw context.signer.reason
      throw refusals.get('signed')
    },
  })

  return {
    sender,
    clientOf: (bucket, context) => clientFor('signed', regions.get(bucket) ?? context.region, context),
    regionOf: (bucket) => regions.get(bucket),
    learnRegion,
  }
}

type Command = $Command<ServiceInputTypes, ServiceOutputTypes, S3ClientResolvedConfig>

function bucketOf(input: ServiceInputTypes): string | undefined {
  return 'Bucket' in input ? input.Bucket : undefined
}

function isRead(command: Pick<Command, 'input'>, sdk: S3Sdk): boolean {
  return [
    sdk.GetObjectCommand,
    sdk.HeadObjectCommand,
    sdk.ListObjectsV2Command,
    sdk.GetObjectAttributesCommand,
    sdk.HeadBucketCommand,
  ].some((kind) => command instanceof kind)
}

/** As quilt3 does, the way is remembered for each operation: a bucket may be listed by its friends and read by all. */
function readName(command: object): string {
  return command.constructor.name
}

function isDenied(error: unknown): boolean {
  const failure = s3Failure(error)
  return failure !== undefined && failure.status === 403 && !areCredentialsDead(failure)
}
