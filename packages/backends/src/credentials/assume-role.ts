// A role for a principal, by STS: signed by whom the operator named for that, never by what this process happens to find (design 4).
import { QuiltError } from '@quilt-mcp/core'
import type { HttpClient } from '../http/client.js'
import type { CredentialCache } from './cache.js'
import { areAvailable, type CredentialSource } from './exchange.js'
import { type AwsCredentials, credentialsIn, type ExchangeOutcome } from './outcome.js'
import { sourceIdentityOf } from './source-identity.js'
import { assumeRole, type RoleRequest } from './sts.js'

/** Who asks STS for a role. Less than a source of credentials, so that one who may only sign that cannot be used as one. */
export type RoleSigner = Pick<CredentialSource, 'get' | 'drop'>

/** What came of asking STS. */
export type AssumeRoleOutcome = 'assumed' | 'refused' | 'failed'

/** Which role, for whom, and who asks STS for it. */
export interface AssumeRoleOptions extends Omit<RoleRequest, 'sessionName' | 'sourceIdentity'> {
  /** Who is behind the session: the subject of the verified token. Becomes its name and its source identity by `sourceIdentityOf`. */
  readonly subject: string
  /** Signs the request to STS. */
  readonly signer: RoleSigner
  /** Of STS. */
  readonly region: string
  /** Address of an STS that is not Amazon's. */
  readonly endpoint?: string | undefined
  /** Told once each time a role is asked for, not when kept credentials serve: for counters. Must not throw. */
  readonly onOutcome?: ((outcome: AssumeRoleOutcome) => void) | undefined
}

export interface AssumedRoleDeps extends AssumeRoleOptions {
  /** With the token: whose credentials these are in the cache. */
  readonly stack: string
  readonly token: string
  readonly http: HttpClient
  readonly cache: CredentialCache
}

/** Credentials of the role, assumed at the first use and again before they expire; one call for each principal and request. */
export function assumedRoleCredentials(deps: AssumedRoleDeps): CredentialSource {
  const { stack, token, http, cache, signer, region, endpoint, subject, onOutcome = () => {}, ...role } = deps
  const name = sourceIdentityOf(subject)
  const request: RoleRequest = { ...role, sessionName: name, sourceIdentity: name }
  const key = cache.keyOf({ stack, token, role: JSON.stringify(['assume-role', region, endpoint ?? null, request]) })
  const ask = async (): Promise<ExchangeOutcome> => {
    for (let again = false; ; again = true) {
      const credentials = await signerCredentials(signer, request.roleArn)
      try {
        return {
          kind: 'credentials',
          credentials: await assumeRole(request, { http, region, endpoint, credentials }),
        }
      } catch (error) {
        if (!(error instanceof QuiltError)) throw error
        // Only what STS itself said: an STS that may not be asked has refused nothing.
        if (error.code === 'forbidden' && error.details?.sts !== undefined) {
          return { kind: 'refused', error: refusal(request.roleArn, error) }
        }
        if (error.code !== 'unauthenticated') throw error
        signer.drop(credentials)
        if (again) throw signerIsDead(request.roleArn, error)
      }
    }
  }
  const load = async (): Promise<ExchangeOutcome> => {
    let outcome: AssumeRoleOutcome = 'failed'
    try {
      const asked = await ask()
      outcome = asked.kind === 'credentials' ? 'assumed' : 'refused'
      return asked
    } finally {
      onOutcome(outcome)
    }
  }
  const get = async (signal?: AbortSignal) => credentialsIn(await cache.get(key, load, signal))
  return {
    available: (signal) => areAvailable(get, signal),
    get,
    drop: (credentials) => cache.drop(key, credentials),
  }
}

function refusal(roleArn: string, cause: QuiltError): QuiltError {
  return new QuiltError('forbidden', `AWS does not let you act as ${roleArn}`, {
    ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    details: { reason: 'assume-role-refused', roleArn },
    cause,
  })
}

async function signerCredentials(signer: RoleSigner, roleArn: string): Promise<AwsCredentials> {
  try {
    return await signer.get()
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'unauthenticated') throw signerIsDead(roleArn, error)
    throw error
  }
}

/** Not the caller's fault: their token is fine, so they are not told to sign in again. */
function signerIsDead(roleArn: string, cause: QuiltError): QuiltError {
  return new QuiltError(
    'upstream',
    `${roleArn} could not be assumed: this server has no credentials to ask with that AWS takes`,
    {
      hint: 'The operator of this server must give it credentials that may assume roles, or renew them.',
      retryable: false,
      details: { roleArn },
      cause,
    },
  )
}
