// Trades a registry token for the principal's own AWS credentials (design 4). Fail closed: when the registry refuses there are
// no credentials at all; this process's own AWS identity is never looked at.
import { QuiltError } from '@quilt-mcp/core'
import type { Token } from '../http/authorized.js'
import type { HttpClient } from '../http/client.js'
import { getCredentials } from '../registry-api/rest.js'
import type { CredentialCache } from './cache.js'
import { type AwsCredentials, credentialsIn, type ExchangeOutcome } from './outcome.js'

/** Where a capability gets its credentials from. */
export interface CredentialSource {
  /** Whether there are credentials now: false when the exchange is refused, and when the registry does not manage it.
   * @throws {QuiltError} `unauthenticated` when the token is dead */
  available(signal?: AbortSignal): Promise<boolean>
  /** @throws {QuiltError} `forbidden` when the exchange is refused; `unauthenticated` when the token is dead; `upstream`, `timeout`,
   *   `rate_limited` when the exchange failed */
  get(signal?: AbortSignal): Promise<AwsCredentials>
  /** Forgets credentials that AWS no longer accepts; others are kept. */
  drop(credentials: AwsCredentials): void
}

export interface ExchangeDeps {
  /** The configured URL of the stack: tokens of two stacks are never mixed. */
  readonly stack: string
  readonly registryUrl: (signal?: AbortSignal) => Promise<string>
  readonly token: string
  /** Role that the token acts in, when the caller chose one. */
  readonly role?: string | undefined
  readonly http: HttpClient
  readonly cache: CredentialCache
}

/** Credentials of one (token, role), exchanged at the first use and refreshed before they expire. */
export function exchangedCredentials({ stack, registryUrl, token, role, http, cache }: ExchangeDeps): CredentialSource {
  const key = cache.keyOf({ stack, token, role })
  const outcome = (signal?: AbortSignal) =>
    cache.get(key, async () => exchange({ registryUrl: await registryUrl(), token, http }), signal)
  const get = async (signal?: AbortSignal) => credentialsIn(await outcome(signal))
  return {
    available: (signal) => areAvailable(get, signal),
    get,
    drop: (credentials) => cache.drop(key, credentials),
  }
}

/** Whether credentials can be had now. Who is refused them, or meets a service that does not manage, goes without: never by another
 * identity.
 * @throws {QuiltError} what else `get` throws: `unauthenticated` when the token is dead */
export async function areAvailable(get: CredentialSource['get'], signal?: AbortSignal): Promise<boolean> {
  try {
    await get(signal)
    return true
  } catch (error) {
    if (!signal?.aborted && error instanceof QuiltError && withoutCredentials.has(error.code)) return false
    throw error
  }
}

const withoutCredentials: ReadonlySet<string> = new Set(['forbidden', 'upstream', 'timeout', 'rate_limited'])

/** Asks the registry for credentials. A refusal is an outcome; a failure is thrown. */
export async function exchange({
  registryUrl,
  token,
  http,
}: {
  readonly registryUrl: string
  readonly token: Token
  readonly http: HttpClient
}): Promise<ExchangeOutcome> {
  try {
    const issued = await getCredentials(registryUrl, { token, http })
    return {
      kind: 'credentials',
      credentials: {
        accessKeyId: issued.AccessKeyId,
        secretAccessKey: issued.SecretAccessKey,
        sessionToken: issued.SessionToken,
        expiresAtMs: Date.parse(issued.Expiration),
      },
    }
  } catch (error) {
    if (error instanceof QuiltError && refusals.has(error.details?.status)) {
      return { kind: 'refused', error: refusal(error) }
    }
    throw error
  }
}

/** The registry's own decisions. A registry that may not be asked at all has decided nothing. */
const refusals: ReadonlySet<unknown> = new Set([403, 404])

function refusal(cause: QuiltError): QuiltError {
  return new QuiltError(
    'forbidden',
    'The registry gives you no AWS credentials, so objects in buckets cannot be reached directly',
    {
      hint: 'Files of packages can still be read through their package (quilt+s3 URI) in browsable buckets; for the rest ask an administrator for a role with bucket access.',
      details: { reason: 'exchange-refused', status: cause.details?.status },
      nextTools: ['package_browse', 'object_read'],
      cause,
    },
  )
}
