// `POST /api/token`: a code of the login page, or a refresh token, for tokens (formats.md 5.5).
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { jsonOf, type RestCall } from './rest.js'

/** What the registry gives. The refresh token replaces the one that was sent, which is used up. */
export interface IssuedTokens {
  readonly refreshToken: string
  readonly accessToken: string
  readonly expiresAtMs: number
}

const issuedSchema = z.object({
  refresh_token: z.string().min(1),
  access_token: z.string().min(1),
  expires_at: z.number(),
})
const refusedSchema = z.object({ error: z.union([z.string(), z.number()]).transform(String) })

/** Never sent twice: a token is good for one use.
 * @throws {QuiltError} `unauthenticated` when the registry does not take it; else by status */
export async function exchangeRefreshToken(
  registryUrl: string,
  refreshToken: string,
  { http, signal }: RestCall,
): Promise<IssuedTokens> {
  const attempt = 'Signing in'
  const peer = 'the registry'
  const answer = await http.send({
    method: 'POST',
    url: new URL(`${registryUrl.replace(/\/+$/, '')}/api/token`),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({ refresh_token: refreshToken }).toString(),
    kind: 'quick',
    idempotent: false,
    signal,
    peer,
  })
  if (answer.status === 400 || answer.status === 403) {
    await answer.discard()
    throw notTaken(`HTTP ${answer.status}`)
  }
  const { value } = await jsonOf(answer, { attempt, peer })
  const refused = refusedSchema.safeParse(value)
  if (refused.success) throw notTaken(refused.data.error.replaceAll(refreshToken, '...').slice(0, 200))
  const issued = issuedSchema.safeParse(value)
  if (!issued.success) {
    throw new QuiltError('upstream', `${attempt}: the registry answered without tokens`, {
      hint: 'Check that the address is that of a Quilt registry, then sign in again.',
      retryable: false,
    })
  }
  const { refresh_token, access_token, expires_at } = issued.data
  return { refreshToken: refresh_token, accessToken: access_token, expiresAtMs: expires_at * 1000 }
}

function notTaken(why: string): QuiltError {
  return new QuiltError('unauthenticated', `The registry did not take the sign-in code (${why})`, {
    hint: 'A code is good for one use: get a new one from the login page (quilt-mcp login shows its address).',
  })
}
