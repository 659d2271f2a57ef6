// Sends a request as somebody: with a token that stays, or with one that is refreshed when it has died.
import type { HttpAnswer } from './answer.js'
import type { HttpClient, HttpRequest } from './client.js'

/** Tokens that die and can be renewed: those of a session. */
export interface TokenSource {
  /** One that should be accepted. @throws {QuiltError} `unauthenticated` when the session is over */
  get(signal?: AbortSignal): Promise<string>
  /** Another one, after the registry refused this one. @throws as `get` */
  renew(refused: string, signal?: AbortSignal): Promise<string>
}

/** A token that stays (API key, catalog session token), or a source of them. */
export type Token = string | TokenSource

/** Sends a request with `Authorization: Bearer <token>`. After a 401, which means that nothing was done, a source is asked for another
 * token and the request sent once more. */
export async function sendAs(token: Token, request: HttpRequest, http: HttpClient): Promise<HttpAnswer> {
  const send = (bearer: string) =>
    http.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${bearer}` } })
  if (typeof token === 'string') return send(token)
  const first = await token.get(request.signal)
  const answer = await send(first)
  if (answer.status !== 401) return answer
  await answer.discard()
  return send(await token.renew(first, request.signal))
}
