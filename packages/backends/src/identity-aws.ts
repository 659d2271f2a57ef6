// Who AWS credentials belong to.
import { QuiltError } from '@quilt-mcp/core'
import type { Identity } from './backend.js'
import type { CallOptions } from './call-options.js'
import type { CredentialSource } from './credentials/exchange.js'
import type { AwsCredentials } from './credentials/outcome.js'
import { type AwsCaller, callerIdentity } from './credentials/sts.js'
import type { HttpClient } from './http/client.js'

export interface AwsIdentityDeps {
  readonly credentials: CredentialSource
  readonly http: HttpClient
  readonly region: string
  /** Address of STS. Absent: Amazon's. null: S3 is not Amazon's, and there is no STS beside it. */
  readonly stsEndpoint?: string | null | undefined
  /** Milliseconds to wait for STS. Default 5,000. */
  readonly stsLimitMs?: number | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How long it is remembered that STS does not answer, or does not want to. */
const silenceKeptMs = 300_000

interface Answer {
  readonly accessKeyId: string
  /** Undefined: STS does not tell. */
  readonly caller: AwsCaller | undefined
  readonly untilMs: number
}

/** Asks STS once for each set of credentials. Where STS does not answer, the access key stands for the user.
 * @throws {QuiltError} from the function returned: why there are no credentials, or that they are dead */
export function awsIdentity(deps: AwsIdentityDeps): (options?: CallOptions) => Promise<Identity> {
  const { region, now } = deps
  let answer: Answer | undefined
  const answerTo = async (credentials: AwsCredentials, signal: AbortSignal | undefined): Promise<Answer> => {
    const { accessKeyId } = credentials
    if (answer?.accessKeyId === accessKeyId && now() < answer.untilMs) return answer
    const caller = await callerOf(credentials, deps, signal)
    answer = { accessKeyId, caller, untilMs: caller === undefined ? now() + silenceKeptMs : Number.POSITIVE_INFINITY }
    return answer
  }
  const ask = async (signal: AbortSignal | undefined): Promise<Answer> => {
    const credentials = await deps.credentials.get(signal)
    try {
      return await answerTo(credentials, signal)
    } catch (error) {
      if (!(error instanceof QuiltError) || error.code !== 'unauthenticated') throw error
      // By now a profile may hold others.
      deps.credentials.drop(credentials)
      return answerTo(await deps.credentials.get(signal), signal)
    }
  }
  return async ({ signal } = {}) => {
    const { accessKeyId, caller } = await ask(signal)
    return {
      backend: 'iam',
      user: {
        name: caller?.name ?? `access key ${accessKeyId.slice(0, 4)}...${accessKeyId.slice(-4)}`,
      },
      ...(caller?.role === undefined ? {} : { role: caller.role }),
      region,
      objectAccess: 'credentials',
    }
  }
}

/** Undefined where STS does not tell: a policy or a network may keep it away while S3 is open. */
async function callerOf(
  credentials: AwsCredentials,
  { http, region, stsEndpoint: endpoint, stsLimitMs = 5_000 }: AwsIdentityDeps,
  signal: AbortSignal | undefined,
): Promise<AwsCaller | undefined> {
  if (endpoint === null) return undefined
  const limit = AbortSignal.timeout(stsLimitMs)
  try {
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit])
    return await callerIdentity({ http, credentials, region, endpoint, signal: both })
  } catch (error) {
    signal?.throwIfAborted()
    if (limit.aborted || (error instanceof QuiltError && error.code !== 'unauthenticated')) return undefined
    throw error
  }
}
