// The cookie that the package file server asks for beside the session (formats.md 6.4).
import type { HttpClient } from '../http/client.js'
import { statusError } from '../http/status-error.js'
import { once } from '../once.js'

export interface BrowseCookie {
  /** The `cookie` header for requests below `base`; empty when that server sets none. */
  header(base: string, signal: AbortSignal | undefined): Promise<string>
  /** Gets a new one at the next use. */
  forget(): void
}

/** Makes the cookie of one principal; it is asked for at the first use. */
export function browseCookie({ token, http }: { readonly token: string; readonly http: HttpClient }): BrowseCookie {
  let known: { readonly base: string; readonly header: (signal?: AbortSignal) => Promise<string> } | undefined
  return {
    header(base, signal) {
      if (known?.base !== base) known = { base, header: once(() => setCookie(base, token, http)) }
      return known.header(signal)
    },
    forget() {
      known = undefined
    },
  }
}

async function setCookie(base: string, token: string, http: HttpClient): Promise<string> {
  const peer = 'the package file server'
  const answer = await http.send({
    method: 'POST',
    url: new URL(`${base}/browse/set_browse_cookie`),
    headers: { authorization: `Bearer ${token}` },
    kind: 'quick',
    idempotent: true,
    peer,
  })
  await answer.discard()
  // A server without this call needs no cookie: the bearer token goes along anyway.
  if (answer.status === 404 || answer.status === 405) return ''
  if (answer.status >= 300) throw statusError(answer.status, { peer, attempt: 'Asking for the browse cookie' })
  return (answer.headers['set-cookie'] ?? '')
    .split('\n')
    .map((line) => line.split(';')[0] ?? '')
    .filter((pair) => pair.includes('='))
    .join('; ')
}
