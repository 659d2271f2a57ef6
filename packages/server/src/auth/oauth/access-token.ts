// Verifies an OAuth access token: signed by the authorization server, for us, with the scope that we ask for.
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { createJwtVerifier } from '../jwt/verify-jwt.js'
import { sameIssuer } from './issuer.js'

export interface AccessTokenVerifierOptions {
  /** The public keys of the authorization server. */
  readonly keySet: JWTVerifyGetKey
  /** Compared as `sameIssuer` does. */
  readonly issuer: string
  /** Our resource identifiers: `aud` has one of them, to the letter. */
  readonly audiences: readonly string[]
  /** The scope without which a token may do nothing here. */
  readonly scope: string
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

export interface VerifiedAccessToken {
  readonly payload: JWTPayload
  readonly scopes: readonly string[]
  /** The token is good, and lacks the scope: 403 `insufficient_scope`. */
  readonly missingScope?: true
}

/** @returns a function that answers undefined for a token that is none of ours
 * @throws {QuiltError} there: `upstream` when the keys cannot be had */
export function createAccessTokenVerifier({ keySet, issuer, audiences, scope, now }: AccessTokenVerifierOptions) {
  const verify = createJwtVerifier({ keySet, now })
  return async (token: string): Promise<VerifiedAccessToken | undefined> => {
    const payload = (await verify(token))?.payload
    if (payload === undefined || !isFrom(issuer, payload) || !isFor(audiences, payload)) return undefined
    const scopes = scopesOf(payload)
    return { payload, scopes, ...(scopes.includes(scope) ? {} : { missingScope: true }) }
  }
}

/** Whether the payload names this issuer. */
export const isFrom = (issuer: string, { iss }: JWTPayload): boolean =>
  typeof iss === 'string' && sameIssuer(iss, issuer)

const isFor = (audiences: readonly string[], { aud }: JWTPayload): boolean =>
  [aud].flat().some((one) => one !== undefined && audiences.includes(one))

/** Of RFC 9068 section 2.2.3: words with spaces between. Some servers write a list. */
function scopesOf({ scope }: JWTPayload): readonly string[] {
  const given = Array.isArray(scope) ? scope : typeof scope === 'string' ? scope.split(' ') : []
  return given.filter((one) => typeof one === 'string' && one !== '')
}
