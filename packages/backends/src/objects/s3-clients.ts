// Clients of the AWS SDK for S3, one a region and identity.
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { LRUCache } from 'lru-cache'
import type { AwsCredentials } from '../credentials/outcome.js'
import { awsClientConfig } from '../http/aws-client.js'
import type { HttpClient } from '../http/client.js'

export type S3Sdk = typeof import('@aws-sdk/client-s3')

export interface S3ClientsDeps {
  readonly http: HttpClient
  /** Address of an S3 that is not Amazon's; it is spoken to path-style. Default: Amazon's own. */
  readonly endpoint?: string | undefined
  /** Buckets whose readers pay: requests to them agree to that. */
  readonly requesterPays?: readonly string[] | undefined
}

/** One client a region and identity: a client never changes either. */
export interface S3Clients {
  signed(sdk: S3Sdk, region: string, credentials: AwsCredentials): S3Client
  /** Speaks as nobody: reaches what is public. */
  unsigned(sdk: S3Sdk, region: string): S3Client
}

/** More than Amazon has: another S3 may tell what it likes. */
const regionsKept = 50

/** Makes the clients, each at its first use. */
export function s3Clients({ http, endpoint, requesterPays = [] }: S3ClientsDeps): S3Clients {
  const strict = awsClientConfig(http, { peer: 'S3' })
  const paid: ReadonlySet<string> = new Set(requesterPays)
  let identity: Pick<AwsCredentials, 'accessKeyId' | 'sessionToken'> | undefined
  const signed = new LRUCache<string, S3Client>({ max: regionsKept })
  const unsigned = new LRUCache<string, S3Client>({ max: regionsKept })

  const make = (sdk: S3Sdk, region: string, who: S3ClientConfig): S3Client => {
    const client = new sdk.S3Client({
      ...strict,
      ...who,
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      useArnRegion: false,
      disableS3ExpressSessionAuth: false,
      expectContinueHeader: false,
      sigv4aSigningRegionSet: [],
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
    // It goes through each answer for a log that nobody keeps: 5 % of a listing.
    client.middlewareStack.remove('loggerMiddleware')
    if (paid.size > 0) agreeToPay(client, paid)
    return client
  }

  return {
    signed(sdk, region, credentials) {
      const { accessKeyId, secretAccessKey, sessionToken } = credentials
      if (identity?.accessKeyId !== accessKeyId || identity.sessionToken !== sessionToken) {
        identity = credentials
        signed.clear()
      }
      return kept(signed, region, () =>
        make(sdk, region, {
          credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
        }),
      )
    },
    unsigned: (sdk, region) =>
      kept(unsigned, region, () =>
        make(sdk, region, {
          credentials: { accessKeyId: '', secretAccessKey: '' },
          signer: { sign: async (request) => request },
        }),
      ),
  }
}

function kept(clients: LRUCache<string, S3Client>, region: string, make: () => S3Client): S3Client {
  const client = clients.get(region) ?? make()
  clients.set(region, client)
  return client
}

function agreeToPay(client: S3Client, buckets: ReadonlySet<string>): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { input, request } = args
      if ('Bucket' in input && buckets.has(String(input.Bucket)) && hasHeaders(request)) {
        request.headers['x-amz-request-payer'] = 'requester'
      }
      return next(args)
    },
    { name: 'agreeToPay', step: 'build' },
  )
}

function hasHeaders(request: unknown): request is { readonly headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}
