import type { HttpClient } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { fetchJson } from './fetch-json.js'

/** Fetches a set of public keys: what `rotatingKeySet` asks.
 * @returns a function that rejects with `upstream` or `timeout` when there is no set */
export function jwksFetch({ url, http }: { readonly url: string; readonly http: HttpClient }) {
  return async (signal: AbortSignal): Promise<unknown> => {
    const set = await fetchJson(new URL(url), { http, peer: 'the token issuer', signal })
    if (set !== undefined) return set
    throw new QuiltError('upstream', `there are no keys at ${url}`, { hint: 'Check the address of the JWKS.' })
  }
}
