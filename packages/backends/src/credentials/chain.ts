// The AWS identity of this machine, found as the AWS SDK finds it. The only file that asks the SDK's provider chain: for the iam backend,
// which HTTP mode cannot construct, and for who signs AssumeRole and nothing else. No tenant's call is ever sent by it (design 4, fail closed).
import { awsTransport } from '../http/aws-transport.js'
import type { HttpClient } from '../http/client.js'
import { awsFiles } from './aws-profiles.js'
import { awsRegion, profileOf } from './aws-settings.js'
import { createCredentialCache } from './cache.js'
import { chainFailure } from './chain-failure.js'
import { areAvailable, type CredentialSource } from './exchange.js'
import { type FindAwsOptions, findAwsCredentials } from './find-aws.js'
import { credentialsIn, type ExchangeOutcome } from './outcome.js'

export interface ChainOptions extends FindAwsOptions {
  readonly http: HttpClient
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/** Credentials of the profile, environment, container or instance, in the SDK's order; kept until five minutes before their end, then,
 * and after AWS refused them, found again from the files as they are by then. The SDK reads the variables of its own process: `env` must
 * be those.
 * @returns a source whose `get` throws `unauthenticated`, with `details.reason` `no-aws-credentials` when nothing is set up at all */
export function chainCredentials(options: ChainOptions): CredentialSource {
  const { now = Date.now } = options
  const cache = createCredentialCache({ max: 1, now })
  const key = 'this machine'
  const get = async (signal?: AbortSignal) => credentialsIn(await cache.get(key, () => resolve(options), signal))
  return {
    available: (signal) => areAvailable(get, signal),
    get,
    drop: (credentials) => cache.drop(key, credentials),
  }
}

async function resolve(options: ChainOptions): Promise<ExchangeOutcome> {
  const found = await findAwsCredentials(options)
  if (found.kind === 'unknown-profile' || found.kind === 'unreadable') throw chainFailure(found)
  const { name, named } = profileOf(options)
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  const { config, credentials } = awsFiles(options)
  const provider = defaultProvider({
    configFilepath: config,
    filepath: credentials,
    ...(named ? { profile: name } : {}),
    // Written anew by `aws configure` while we run.
    ignoreCache: true,
    logger: silent,
    clientConfig: { requestHandler: awsTransport(options.http, { peer: 'AWS' }) },
    parentClientConfig: { region: await awsRegion(options) },
  })
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider()
    return {
      kind: 'credentials',
      credentials: {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
        ...(expiration === undefined ? {} : { expiresAtMs: expiration.getTime() }),
      },
    }
  } catch (error) {
    const failure = chainFailure(found, error)
    // To look for nothing costs a second where there is no metadata service: that it is not there is remembered for a while.
    if (found.kind === 'none') return { kind: 'refused', error: failure }
    throw failure
  }
}

/** The SDK would warn on the console; what it warns of is in the trace. */
const silent = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
