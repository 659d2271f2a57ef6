// The public keys of an authorization server, found from its metadata.
import type { HttpClient } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { fetchJson } from '../jwt/fetch-json.js'
import { jwksFetch } from '../jwt/jwks-fetch.js'
import { rotatingKeySet } from '../jwt/key-set.js'
import { metadataUrls, sameIssuer } from './issuer.js'

export interface OAuthKeysOptions {
  /** As the operator configured it. */
  readonly issuer: string
  readonly http: HttpClient
  /** Told of every attempt to find the keys that failed. */
  readonly onProblem?: ((error: unknown) => void) | undefined
  /** Milliseconds, growing. */
  readonly now?: (() => number) | undefined
}

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })

/** The keys of an authorization server: what `jwtVerify` asks. Its metadata is read whenever its keys are: they may move.
 * Rotation and outages as in {@link rotatingKeySet}. */
export function oauthKeys({ issuer, http, onProblem, now }: OAuthKeysOptions): JWTVerifyGetKey {
  return rotatingKeySet({
    fetch: async (signal) => jwksFetch({ url: await jwksUri({ issuer, http, signal }), http })(signal),
    onProblem,
    now,
  })
}

/** @throws {QuiltError} `upstream` or `timeout` when there is no metadata, or it is not this issuer's */
async function jwksUri({
  issuer,
  http,
  signal,
}: {
  readonly issuer: string
  readonly http: HttpClient
  readonly signal: AbortSignal
}): Promise<string> {
  for (const url of metadataUrls(issuer)) {
    const found = await fetchJson(url, { http, peer: 'the authorization server', signal })
    if (found !== undefined) return keysNamedIn(found, { issuer, url })
  }
  throw new QuiltError('upstream', `${issuer} has no metadata of an authorization server`, {
    hint: 'Check --oauth-issuer: it has /.well-known/oauth-authorization-server or /.well-known/openid-configuration.',
  })
}

function keysNamedIn(found: unknown, { issuer, url }: { readonly issuer: string; readonly url: URL }): string {
  const { data } = metadata.safeParse(found)
  if (data === undefined) throw unusable(url, 'names no issuer and jwks_uri')
  if (!sameIssuer(data.issuer, issuer)) throw unusable(url, `is that of another issuer than ${issuer}`)
  const keys = new URL(data.jwks_uri)
  // Plain http only where the operator chose it: the address of the issuer itself.
  if (keys.protocol === 'https:' || keys.origin === new URL(issuer).origin) return keys.href
  throw unusable(url, 'names a jwks_uri that is neither https nor at the issuer itself')
}

function unusable(url: URL, what: string): QuiltError {
  return new QuiltError('upstream', `${url.href}: the metadata ${what}`, {
    hint: 'Check --oauth-issuer against the `issuer` that the authorization server names.',
    retryable: false,
  })
}
