// From the token of a request to a principal: verified here where a key is configured, else by the registry of its stack; else refused.
import { type StackUrls, stackKey } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import type { Stacks } from '../tenancy/stacks.js'
import { readClaims, type TokenClaims } from './claims/token-claims.js'
import { type Principal, principalId } from './principal.js'
import { badToken, type RegistryVerifier } from './registry-verifier.js'
import { chosenRole } from './roles.js'
import { tokenKey } from './token-key.js'

/** A token whose signature, time, issuer and audience held. */
export interface VerifiedToken {
  /** `platform`: issued for this server by the operator's platform; `oauth`: an access token of the authorization server. */
  readonly kind: 'platform' | 'oauth'
  readonly payload: Readonly<Record<string, unknown>>
  /** The access token is good, but not for what this server does. */
  readonly missingScope?: true | undefined
}

/** What a request says beside its token. Wishes: the verified token decides. */
export interface Wishes {
  /** `X-Quilt-Catalog-URL` */
  readonly catalogUrl?: string | undefined
  /** `X-Quilt-User-Role` */
  readonly role?: string | undefined
  /** Called before a registry is asked about a token that is not known; may throw. */
  mayAsk?(): void
}

export interface AuthenticateDeps {
  /** Verifies tokens here. Undefined from it: the token is none of ours, and the registry is asked. Absent: there are no keys. */
  readonly local?: { verify(token: string): Promise<VerifiedToken | undefined> } | undefined
  readonly registry: RegistryVerifier
  readonly stacks: Stacks
  /** Whether this server assumes roles, and which it allows everybody. */
  readonly assumesRoles: boolean
  readonly allowedRoles: readonly string[]
}

export interface Authenticator {
  /** @throws {QuiltError} `unauthenticated` for a token that nobody verifies; `forbidden` for a good one that may not do what is asked;
   *   `upstream`, `timeout`, `rate_limited` when who could verify it does not answer */
  authenticate(token: string, wishes: Wishes): Promise<Principal>
}

/** Makes the authenticator. */
export function createAuthenticator(deps: AuthenticateDeps): Authenticator {
  const { local, registry, stacks, assumesRoles, allowedRoles } = deps

  const roleOf = (wished: string | undefined, claims?: TokenClaims) =>
    chosenRole({
      wished,
      own: claims?.roleArn,
      listed: claims?.roles ?? [],
      // Of tokens that this server verifies; what a registry vouches for lists no roles.
      allowed: claims === undefined ? [] : allowedRoles,
      assumes: assumesRoles,
    })

  const ofPlatform = (
    token: string,
    payload: VerifiedToken['payload'],
    claims: TokenClaims,
    wishes: Wishes,
  ): Principal => ({
    token,
    tokenKey: tokenKey(token),
    scheme: 'jwt',
    claims: payload,
    subject: claims.subject,
    id: principalId(textOf(payload.iss), claims.subject),
    stack: stacks.ofToken(claims, wishes.catalogUrl),
    registryToken: claims.catalogToken ?? token,
    ...waysIntoAws(claims, wishes.role),
    sessionTags: claims.sessionTags,
    transitiveTagKeys: claims.transitiveTagKeys,
    rights: { permissions: claims.permissions, buckets: claims.buckets },
    readOnly: isForReading(claims),
  })

  /** In a role that the request chose, in that role alone. A token that brings its own way into AWS, and nothing for the registry, is not
   * sent there for credentials. */
  const waysIntoAws = (
    claims: TokenClaims,
    wished: string | undefined,
  ): Pick<Principal, 'exchanges' | 'role' | 'credentials'> => {
    const { catalogToken, awsCredentials: credentials } = claims
    const role = roleOf(wished, claims)
    if (wished !== undefined) return { exchanges: false, role }
    const hasOwnWay = role !== undefined || credentials !== undefined
    return { exchanges: catalogToken !== undefined || !hasOwnWay, role, credentials }
  }

  /** Whom the registry knows by this very token. */
  const ofRegistry = (token: string, key: string, subject: string, stack: StackUrls, wishes: Wishes): Principal => ({
    token,
    tokenKey: key,
    scheme: schemeOf(token),
    claims: {},
    subject,
    id: principalId(stackKey(stack), subject),
    stack,
    registryToken: token,
    exchanges: wishes.role === undefined,
    role: roleOf(wishes.role),
    ...unbounded,
  })

  return {
    async authenticate(token, wishes) {
      const verified = await local?.verify(token)
      if (verified?.kind === 'platform') {
        const claims = readClaims(verified.payload)
        if (claims !== undefined) return ofPlatform(token, verified.payload, claims, wishes)
      }
      if (verified?.kind === 'oauth') {
        if (verified.missingScope === true) throw insufficientScope()
        const subject = textOf(verified.payload.sub)
        if (subject === '') throw badToken()
        const principal = ofRegistry(token, tokenKey(token), subject, stacks.ofToken({}, wishes.catalogUrl), wishes)
        return {
          ...principal,
          scheme: 'jwt',
          claims: verified.payload,
          id: principalId(textOf(verified.payload.iss), subject),
        }
      }
      const stack = stacks.ofRequest(wishes.catalogUrl)
      const key = tokenKey(token)
      const { name } = await registry.verify({ token, key, stack, mayAsk: wishes.mayAsk })
      return ofRegistry(token, key, name, stack, wishes)
    },
  }
}

const unbounded = { sessionTags: [], transitiveTagKeys: [], rights: {}, readOnly: false } as const

/** A token whose scope or level says `read` and nothing more; one that lists permissions is bounded by those. */
function isForReading({ permissions, scopes, level }: TokenClaims): boolean {
  if (permissions !== undefined) return false
  const words = [...scopes, ...(level === undefined ? [] : [level])].map((word) => word.toLowerCase())
  return words.includes('read') && !words.includes('write') && !words.includes('admin')
}

/** The reason by which the transport knows that a wider token is asked for (RFC 6750, 3.1). */
export const insufficientScopeReason = 'insufficient-scope'

const insufficientScope = (): QuiltError =>
  new QuiltError('forbidden', 'the access token lacks the scope that this server needs', {
    hint: 'Sign in again, and grant what is asked for.',
    details: { reason: insufficientScopeReason },
  })

const schemeOf = (token: string): Principal['scheme'] => {
  if (token.startsWith('qk_')) return 'api-key'
  return token.split('.').length === 3 ? 'session' : 'bearer'
}

const textOf = (claim: unknown): string => (typeof claim === 'string' ? claim : '')
