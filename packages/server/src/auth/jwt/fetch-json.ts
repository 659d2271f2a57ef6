// JSON from the web for those who verify tokens: small, quick, and from nowhere but where it was asked.
import { type HttpClient, readText } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'

export interface FetchJsonOptions {
  readonly http: HttpClient
  /** Who is asked, in words: `the token issuer`. */
  readonly peer: string
  readonly signal: AbortSignal
}

const longestBytes = 262_144

/** The JSON at an address, or undefined when there is none (4xx). A redirect is not followed: keys come from whom we ask.
 * @throws {QuiltError} `upstream` or `timeout` when there is no answer, or one that is not JSON of at most 256 KiB */
export async function fetchJson(url: URL, { http, peer, signal }: FetchJsonOptions): Promise<unknown> {
  const headers = { accept: 'application/json' }
  const answer = await http.send({ method: 'GET', url, headers, kind: 'quick', idempotent: true, signal, peer })
  if (answer.status !== 200) {
    await answer.discard()
    if (answer.status >= 400 && answer.status < 500) return undefined
    const what = answer.status < 400 ? 'a redirect, which is not followed' : 'an error'
    throw new QuiltError('upstream', `${url.href}: ${peer} answers ${what} (HTTP ${answer.status})`, {
      hint: 'Check the configured address.',
      details: { status: answer.status },
    })
  }
  const text = await readText(answer, { maxBytes: longestBytes, peer })
  try {
    return JSON.parse(text)
  } catch {
    // No cause: its message would quote the answer.
    throw new QuiltError('upstream', `${url.href}: ${peer} does not answer in JSON`, {
      hint: 'Check the configured address.',
    })
  }
}
