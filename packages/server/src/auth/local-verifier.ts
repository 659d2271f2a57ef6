// What the settings let this process verify by itself: platform tokens and OAuth access tokens. All else is the registry's to judge.
import { QuiltError } from '@quilt-mcp/core'
import { decodeJwt, type JWTPayload } from 'jose'
import type { Config } from '../config/schema.js'
import { type SecretsDeps, secretsOf } from './configured-secrets.js'
import { jwksFetch } from './jwt/jwks-fetch.js'
import { rotatingKeySet } from './jwt/key-set.js'
import { createJwtVerifier } from './jwt/verify-jwt.js'
import { createAccessTokenVerifier, isFrom } from './oauth/access-token.js'
import { oauthKeys } from './oauth/keys.js'
import { resourcesAt } from './oauth/protected-resource.js'
import { badToken } from './registry-verifier.js'

/** A token whose signature, times, issuer and audience hold. */
export interface Verified {
  readonly kind: 'platform' | 'oauth'
  readonly payload: JWTPayload
  /** Of an access token. */
  readonly scopes?: readonly string[]
  /** The access token is good, and lacks the scope: it may do nothing here, 403 `insufficient_scope`. */
  readonly missingScope?: true
}

export interface LocalVerifier {
  /** Undefined: none of ours; the registry may know it.
   * @throws {QuiltError} `unauthenticated` for one that calls itself an access token of the authorization server, and is none for us
   * @throws {QuiltError} `upstream` when the keys that could tell cannot be had */
  verify(token: string): Promise<Verified | undefined>
}

export type LocalVerifierConfig = SecretsDeps['config'] &
  Pick<Config, 'jwksUrl' | 'jwtIssuer' | 'jwtAudience' | 'oauthIssuer' | 'oauthScope' | 'publicUrl'>

export interface LocalVerifierDeps extends SecretsDeps {
  readonly config: LocalVerifierConfig
}

type Verify = LocalVerifier['verify']

/**
 * The verifier that the settings ask for; undefined when they ask for none. Secrets are read now; public keys when a token needs them,
 * so that an issuer that is down keeps nobody from starting.
 * @throws {QuiltError} `invalid_input` and what a source of secrets says, naming the setting
 */
export async function createLocalVerifier(deps: LocalVerifierDeps): Promise<LocalVerifier | undefined> {
  const ways = [await platformVerify(deps), oauthVerify(deps)].filter((way) => way !== undefined)
  if (ways.length === 0) return undefined
  const { oauthIssuer } = deps.config
  return {
    async verify(token) {
      const verified = await firstOf(ways, token)
      // What its own issuer says is not for us is no question for the registry, which may well take it.
      if (verified === undefined && oauthIssuer !== undefined && claimsIssuer(token, oauthIssuer)) throw badToken()
      return verified
    },
  }
}

/** Not verified: it may only make things worse for the token. */
function claimsIssuer(token: string, issuer: string): boolean {
  try {
    return isFrom(issuer, decodeJwt(token))
  } catch {
    return false // no JWT
  }
}

/** One way's outage does not hide that another knows the token. */
async function firstOf(ways: readonly Verify[], token: string): Promise<Verified | undefined> {
  let outage: { readonly error: unknown } | undefined
  for (const way of ways) {
    try {
      const verified = await way(token)
      if (verified !== undefined) return verified
    } catch (error) {
      outage ??= { error }
    }
  }
  if (outage !== undefined) throw outage.error
  return undefined
}

async function platformVerify(deps: LocalVerifierDeps): Promise<Verify | undefined> {
  const { config, http, onProblem, now } = deps
  const { jwksUrl, jwtIssuer, jwtAudience, oauthIssuer } = config
  const secrets = await secretsOf(deps)
  const keySet =
    jwksUrl === undefined ? undefined : rotatingKeySet({ fetch: jwksFetch({ url: jwksUrl, http }), onProblem, now })
  if (secrets === undefined && keySet === undefined) return undefined
  const verify = createJwtVerifier({ secrets, keySet, issuer: jwtIssuer, audience: jwtAudience, now })
  return async (token) => {
    const verified = await verify(token)
    if (verified === undefined) return undefined
    // A token of the authorization server is an access token, also when its keys are those of platform tokens: audience and scope count.
    const isAccessToken = verified.by === 'public' && oauthIssuer !== undefined && isFrom(oauthIssuer, verified.payload)
    return isAccessToken ? undefined : { kind: 'platform', payload: verified.payload }
  }
}

function oauthVerify({ config, http, onProblem, now }: LocalVerifierDeps): Verify | undefined {
  const { oauthIssuer: issuer, oauthScope: scope, publicUrl } = config
  if (issuer === undefined) return undefined
  if (publicUrl === undefined) {
    throw new QuiltError('invalid_input', '--oauth-issuer needs --public-url (QUILT_MCP_PUBLIC_URL)', {
      hint: 'An access token must name this server as its audience, and a request cannot say who this server is.',
    })
  }
  const keySet = oauthKeys({ issuer, http, onProblem, now })
  const verify = createAccessTokenVerifier({ keySet, issuer, audiences: resourcesAt(publicUrl), scope, now })
  return async (token) => {
    const verified = await verify(token)
    return verified && { kind: 'oauth', ...verified }
  }
}
