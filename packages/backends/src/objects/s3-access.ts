// S3 with one principal's credentials. The SDK is loaded at the first use, told everything, and left nothing to look up by itself:
// no provider chain, no profile, no endpoint from the environment (design 4, fail closed).

import type { S3Client } from '@aws-sdk/client-s3'
import { QuiltError } from '@quilt-mcp/core'
import type { CredentialSource } from '../credentials/exchange.js'
import type { AwsCredentials } from '../credentials/outcome.js'
import type { HttpClient } from '../http/client.js'
import { once } from '../once.js'
import { areCredentialsDead, s3Error, s3Failure } from './s3-error.js'
import { s3Transport } from './s3-transport.js'

type S3Sdk = typeof import('@aws-sdk/client-s3')

/** What one piece of work with S3 has at hand. */
export interface S3Call {
  readonly sdk: S3Sdk
  readonly client: S3Client
  readonly credentials: AwsCredentials
  /** The same identity in another region. */
  inRegion(region: string): S3Client
  /** Options for `client.send`. */
  readonly send: { readonly abortSignal?: AbortSignal }
}

/** Runs work with S3. */
export interface S3Access {
  /** @param attempt what is tried, for error messages: `Reading s3://bucket/key`
   * @throws {QuiltError} what S3 said, in our words; dead credentials are exchanged again and the work repeated once */
  run<T>(attempt: string, signal: AbortSignal | undefined, work: (call: S3Call) => Promise<T>): Promise<T>
}

export interface S3AccessDeps {
  readonly credentials: CredentialSource
  readonly http: HttpClient
  /** Address of an S3 that is not Amazon's; it is spoken to path-style. Default: Amazon's own. */
  readonly endpoint?: string | undefined
  /** Region of the stack. */
  readonly region: () => Promise<string>
}

/** Makes the access. */
export function s3Access({ credentials: source, http, endpoint, region }: S3AccessDeps): S3Access {
  const sdkLoaded = once(() => import('@aws-sdk/client-s3'))
  const regionKnown = once(region)
  const transport = s3Transport(http)
  // One client for the credentials in use: a client never changes its identity.
  let current: { readonly accessKeyId: string; readonly client: S3Client } | undefined

  const open = async (signal: AbortSignal | undefined): Promise<S3Call> => {
    const credentials = await source.get(signal)
    const [sdk, regionName] = await Promise.all([sdkLoaded(signal), regionKnown(signal)])
    const inRegion = (name: string) => clientOf(sdk, { credentials, regionName: name, endpoint, transport })
    if (current?.accessKeyId !== credentials.accessKeyId) {
      current = { accessKeyId: credentials.accessKeyId, client: inRegion(regionName) }
    }
    return {
      sdk,
      client: current.client,
      credentials,
      inRegion,
      send: signal === undefined ? {} : { abortSignal: signal },
    }
  }

  return {
    async run(attempt, signal, work) {
      for (let again = false; ; again = true) {
        const call = await open(signal)
        try {
          return await work(call)
        } catch (error) {
          if (signal?.aborted) throw signal.reason
          const failure = s3Failure(error)
          const dead = failure !== undefined && areCredentialsDead(failure)
          if (dead) source.drop(call.credentials)
          // The SDK has learnt the clock's skew from the refused request: the second one fits.
          if (again || !(dead || failure?.name === 'RequestTimeTooSkewed')) throw s3Error(error, attempt)
        }
      }
    },
  }
}

interface ClientParts {
  readonly credentials: AwsCredentials
  readonly regionName: string
  readonly endpoint: string | undefined
  readonly transport: ReturnType<typeof s3Transport>
}

function clientOf(sdk: S3Sdk, { credentials, regionName, endpoint, transport }: ClientParts): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  return new sdk.S3Client({
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    credentialDefaultProvider: () => noAmbientIdentity,
    region: regionName,
    ...(endpoint === undefined ? { followRegionRedirects: true } : { endpoint, forcePathStyle: true }),
    ignoreConfiguredEndpointUrls: true,
    requestHandler: transport,
    // Retries are the HTTP client's.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useArnRegion: false,
    disableS3ExpressSessionAuth: false,
    expectContinueHeader: false,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: 'quilt-mcp',
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

/** Stands where the SDK would look for the machine's own identity. */
async function noAmbientIdentity(): Promise<never> {
  throw new QuiltError('internal', 'A request to S3 was about to look for AWS credentials of this process', {
    hint: 'Report this: only credentials of the caller may be used.',
  })
}
