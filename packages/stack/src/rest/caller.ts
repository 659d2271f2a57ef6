// Who sends a REST request: `Authorization: Bearer <token>`, or the bare token as the web catalog sends it (formats.md 6.2).
import type { IdentityStore } from '../identity/identity-store.js'
import type { Principal } from '../identity/principal.js'
import { refusal } from './answer.js'

export interface Caller {
  readonly token: string
  readonly principal: Principal
}

/** The token of an `Authorization` header; undefined when there is none. */
function bearerToken(authorization: string | undefined): string | undefined {
  const token = authorization?.trim().replace(/^bearer\s+/i, '')
  return token === undefined || token === '' ? undefined : token
}

/** The caller; undefined for a request without a token.
 * @throws {HTTPException} 401 for a token that is unknown, expired or revoked */
export async function findCaller(
  identity: Pick<IdentityStore, 'byBearer'>,
  authorization: string | undefined,
): Promise<Caller | undefined> {
  const token = bearerToken(authorization)
  if (token === undefined) return undefined
  const principal = await identity.byBearer(token)
  if (principal === undefined) throw refusal(401, 'The token is invalid, expired or revoked. Sign in again.')
  return { token, principal }
}

/** The caller. @throws {HTTPException} 401 without a live token */
export async function requireCaller(
  identity: Pick<IdentityStore, 'byBearer'>,
  authorization: string | undefined,
): Promise<Caller> {
  const caller = await findCaller(identity, authorization)
  if (caller === undefined) throw refusal(401, 'Sign in first: this call needs a token.')
  return caller
}
