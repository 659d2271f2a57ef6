// The token of a request: from the Authorization header and nowhere else.
import { QuiltError } from '@quilt-mcp/core'

const hint = 'Send one header `Authorization: Bearer <token>`: an API key (qk_...) or a catalog session token.'

/** Tokens with 32 buckets and more stay below it (token claims, 3). */
const longestToken = 16_384

/** Takes the bearer token from the values of all Authorization headers of a request.
 * @throws {QuiltError} `unauthenticated` when there is none, more than one, one of another form, or a longer one than any */
export function bearerToken(authorization: readonly string[]): string {
  const [value, ...others] = authorization
  if (value === undefined) throw new QuiltError('unauthenticated', 'the request carries no token', { hint })
  if (others.length > 0)
    throw new QuiltError('unauthenticated', 'the request carries more than one Authorization header', { hint })
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(value.trim())?.[1]
  if (token === undefined)
    throw new QuiltError('unauthenticated', 'the Authorization header is not a bearer token', { hint })
  if (token.length > longestToken)
    throw new QuiltError('unauthenticated', `the token is longer than ${longestToken} characters`, { hint })
  return token
}
