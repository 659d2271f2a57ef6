// AWS credentials of a signed-in user: those in quilt3's credentials.json while they last, then new ones from the registry, which are
// written there for quilt3.
import { QuiltError } from '@quilt-mcp/core'
import type { Token } from '../http/authorized.js'
import type { HttpClient } from '../http/client.js'
import type { CredentialCache } from './cache.js'
import { areAvailable, type CredentialSource, exchange } from './exchange.js'
import { type AwsCredentials, credentialsIn, type ExchangeOutcome } from './outcome.js'
import type { SessionFiles } from './session-files.js'

export interface SessionCredentialsDeps {
  readonly registryUrl: string
  readonly token: Token
  readonly http: HttpClient
  readonly cache: CredentialCache
  /** Where credentials are kept between processes. Absent: nowhere. Only for the registry of `config.yml`: the file does not say whose
   * credentials it holds. */
  readonly files?: SessionFiles | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** As the cache: credentials nearer to their end are replaced. */
const refreshBeforeMs = 300_000

/** The credentials of one session. */
export function sessionCredentials({
  registryUrl,
  token,
  http,
  cache,
  files,
  now,
}: SessionCredentialsDeps): CredentialSource {
  const key = cache.keyOf({ stack: registryUrl, token: files?.folder ?? 'session' })
  /** Of credentials that AWS refused: the file may still hold them. */
  const refused = new Set<string>()

  const kept = async (): Promise<AwsCredentials | undefined> => {
    const found = await files?.credentials()
    if (found?.expiresAtMs === undefined || refused.has(found.accessKeyId)) return undefined
    return found.expiresAtMs - now() > refreshBeforeMs ? found : undefined
  }
  const load = async (): Promise<ExchangeOutcome> => {
    const found = await kept()
    if (found !== undefined) return { kind: 'credentials', credentials: found }
    const outcome = await exchange({ registryUrl: registryUrl.replace(/\/+$/, ''), token, http })
    if (outcome.kind === 'refused') return { kind: 'refused', error: withoutPackages(outcome.error) }
    if (files !== undefined) await keep(files, registryUrl, outcome.credentials)
    return outcome
  }
  const get = async (signal?: AbortSignal) => credentialsIn(await cache.get(key, load, signal))
  return {
    available: (signal) => areAvailable(get, signal),
    get,
    drop(credentials) {
      refused.add(credentials.accessKeyId)
      cache.drop(key, credentials)
    },
  }
}

/** Writes credentials down, unless somebody signed out meanwhile. In a folder that cannot be written they are held in memory only. */
async function keep(files: SessionFiles, registryUrl: string, credentials: AwsCredentials): Promise<void> {
  try {
    await files.locked(async () => {
      if ((await files.tokens(registryUrl)) !== undefined) await files.keepCredentials(credentials)
    })
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
  }
}

/** Here packages, too, are read from S3. */
function withoutPackages(refusal: QuiltError): QuiltError {
  return new QuiltError(refusal.code, refusal.message, {
    hint: 'Ask an administrator for a role with access to buckets; or set QUILT_API_KEY: then packages are read through the registry.',
    ...(refusal.details === undefined ? {} : { details: refusal.details }),
    nextTools: ['catalog_status'],
    cause: refusal,
  })
}
