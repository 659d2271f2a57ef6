// How a request is refused whose caller, path or headers will not do: the status of an error, and the challenge that tells a client how to
// sign in (RFC 6750, RFC 9728).
import type { QuiltError } from '@quilt-mcp/core'
import { insufficientScopeReason } from '../auth/authenticate.js'
import { challenge } from '../auth/oauth/challenge.js'
import type { Refusal } from './limits/refusal.js'
import type { AuthenticationOutcome } from './operations/metrics.js'

/** What a client is told of how to sign in. */
export interface SignIn {
  /** Whether the request brought an Authorization header. */
  readonly hasToken: boolean
  /** Address of the metadata of the resource; absent where there is no authorization server. */
  readonly resourceMetadata?: string | undefined
  /** That a token must have. */
  readonly scope?: string | undefined
}

/** No token or a bad one is 401, a good one that may not do this 403; a registry that does not answer is 503, or clients would throw good
 * tokens away. */
export function authRefusal(error: QuiltError, signIn: SignIn): Refusal {
  return { status: statusOf(error), error, headers: headersOf(error, signIn) }
}

/** How a refused request counts. */
export function authenticationOutcome({ code }: QuiltError): Exclude<AuthenticationOutcome, 'good'> {
  if (code === 'unauthenticated' || code === 'invalid_input') return 'refused'
  return code === 'forbidden' ? 'forbidden' : 'unavailable'
}

function statusOf({ code }: QuiltError): Refusal['status'] {
  if (code === 'unauthenticated') return 401
  if (code === 'forbidden') return 403
  if (code === 'not_found') return 404
  if (code === 'invalid_input') return 400
  return code === 'internal' ? 500 : 503
}

function headersOf(error: QuiltError, { hasToken, ...signIn }: SignIn): Refusal['headers'] {
  const facts = { realm: 'quilt-mcp', ...signIn }
  if (error.code === 'unauthenticated') {
    const problem = hasToken ? ({ error: 'invalid_token', description: error.message } as const) : {}
    return { 'WWW-Authenticate': challenge({ ...facts, ...problem }) }
  }
  if (error.details?.reason === insufficientScopeReason) {
    return { 'WWW-Authenticate': challenge({ ...facts, error: 'insufficient_scope', description: error.message }) }
  }
  return statusOf(error) === 503 ? { 'Retry-After': '5' } : {}
}
