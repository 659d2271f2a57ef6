// A real HTTP server with the sample tools, for a registry that knows some tokens and can be switched off.
import { setImmediate as turn } from 'node:timers/promises'
import type { Backend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { createTokenVerifier } from '../../auth/verify.js'
import { catalogLinks } from '../../mcp/catalog-links.js'
import { idleBackend, keptLog, sampleDeps } from '../../mcp/test/sample-tools.js'
import { createBackendCache } from '../backend-cache.js'
import { type HttpDeps, startHttp } from '../http.js'

export interface PostOptions {
  readonly path?: string
  /** Empty: none. */
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Starts the server. Its users are the tokens: each is told its own token as the user's name. */
export async function startSampleServer(tokens: readonly string[]) {
  const log = keptLog()
  const registry = { isDown: false }
  /** The tokens for which a backend was made, in order. */
  const made: string[] = []
  const down = () => Promise.reject(new QuiltError('upstream', 'the registry is down'))
  const backends = createBackendCache((token): Promise<Backend> => {
    made.push(token)
    const identity: Backend['identity'] = async () => {
      await turn()
      return { backend: 'platform', user: { name: token }, objectAccess: 'credentials' }
    }
    return Promise.resolve({ ...idleBackend, identity })
  })
  const deps: HttpDeps = {
    server: sampleDeps(log),
    verifier: createTokenVerifier({
      check: (token) => (registry.isDown ? down() : Promise.resolve(tokens.includes(token) ? {} : undefined)),
      onInvalid: (token) => backends.drop(token),
    }),
    backends,
    links: catalogLinks(undefined),
    readOnly: false,
    allowedOrigins: ['https://catalog.example.com'],
    ready: () => (registry.isDown ? down() : Promise.resolve()),
  }
  const { url, close } = await startHttp(deps, { host: '127.0.0.1', port: 0 })

  /** Sends what the web catalog's client sends (formats.md 12.2), as ada unless told otherwise. */
  const post = (
    message: object,
    { path = '/mcp', token = 'ada-token', headers = {} }: PostOptions = {},
  ): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        ...(token !== '' && { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-06-18',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
  return { url, close, post, log, made, registry, deps }
}

/** The first event with data, or the JSON body: all that the catalog's client reads. */
export async function firstMessage(response: Response): Promise<unknown> {
  const text = await response.text()
  const data = /^data: (.*)$/m.exec(text)?.[1]
  return JSON.parse(data ?? text)
}

/** The first message of the web catalog's client. */
export const initialize = {
  id: 'uuid-1',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'quilt-catalog', version: '1' } },
}
