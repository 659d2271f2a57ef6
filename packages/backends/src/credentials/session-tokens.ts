// Access tokens of a signed-in user, from the files that quilt3 and other processes use as well. A refresh token is good for one use:
// our own processes take turns by a lock; quilt3 knows none, so after a failure the file is looked at again.
import { QuiltError } from '@quilt-mcp/core'
import type { TokenSource } from '../http/authorized.js'
import type { HttpClient } from '../http/client.js'
import { waitFor } from '../once.js'
import { pauseFor } from '../pause.js'
import { exchangeRefreshToken } from '../registry-api/refresh-token.js'
import type { SessionFiles, StoredTokens } from './session-files.js'

export interface SessionTokensDeps {
  readonly files: SessionFiles
  readonly registryUrl: string
  readonly http: HttpClient
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds before each look whether quilt3 has refreshed in the same moment. */
  readonly lookPausesMs?: readonly number[] | undefined
}

/** As quilt3: a token that dies within this time is refreshed first. */
const refreshBeforeMs = 60_000
const defaultLookPausesMs = [0, 100, 300, 1000]

/** The tokens of one registry. The file is read at each use: a login or logout elsewhere counts at once. */
export function sessionTokens({
  files,
  registryUrl,
  http,
  now,
  lookPausesMs = defaultLookPausesMs,
}: SessionTokensDeps): TokenSource {
  let renewing: Promise<string> | undefined
  /** Just issued, and old already by our clock: then the clock is wrong, and the registry will say when the token has died. */
  let issuedOld: string | undefined

  const stored = async (signal?: AbortSignal): Promise<StoredTokens> => {
    const tokens = await files.tokens(registryUrl, signal)
    if (tokens !== undefined) return tokens
    throw new QuiltError('unauthenticated', `You are not signed in to ${registryUrl}`, { hint: signIn })
  }
  const lives = ({ accessToken, expiresAtMs }: StoredTokens) =>
    expiresAtMs - now() > refreshBeforeMs || accessToken === issuedOld

  /** What another process has put into the file in place of tokens that were refused to us. */
  const replacedMeanwhile = async (used: StoredTokens): Promise<StoredTokens | undefined> => {
    for (const pauseMs of lookPausesMs) {
      await pauseFor(pauseMs, undefined)
      const found = await stored()
      if (found.refreshToken !== used.refreshToken) return found
    }
    return undefined
  }

  const refresh = async (used: StoredTokens): Promise<string> => {
    const next = await exchangeRefreshToken(registryUrl, used.refreshToken, { http }).catch(async (error: unknown) => {
      if (!(error instanceof QuiltError) || error.code !== 'unauthenticated') throw error
      const other = await replacedMeanwhile(used)
      if (other === undefined) throw sessionOver(registryUrl, error)
      return other
    })
    const kept = await files.replaceTokens(registryUrl, { old: used, next })
    if (kept === undefined) await stored() // somebody signed out meanwhile: says so
    issuedOld = next.accessToken
    return next.accessToken
  }

  /** No caller's own abort reaches this: a refresh that was sent must be written down. */
  const renewed = (refused: string): Promise<string> => {
    renewing ??= files
      .locked(async () => {
        const tokens = await stored()
        return tokens.accessToken !== refused && lives(tokens) ? tokens.accessToken : refresh(tokens)
      })
      .finally(() => {
        renewing = undefined
      })
    return renewing
  }

  return {
    async get(signal) {
      const tokens = await stored(signal)
      return lives(tokens) ? tokens.accessToken : waitFor(renewed(tokens.accessToken), signal)
    },
    renew: (refused, signal) => waitFor(renewed(refused), signal),
  }
}

const signIn = 'Sign in with quilt-mcp login (or quilt3 login).'

function sessionOver(registryUrl: string, cause: QuiltError): QuiltError {
  return new QuiltError('unauthenticated', `Your session at ${registryUrl} is over`, {
    hint: `${signIn} What you asked for can then be asked again.`,
    details: { reason: 'session-over', registryUrl },
    nextTools: ['catalog_status'],
    cause,
  })
}
