// A real HTTP server with the sample tools, for a registry that knows some tokens and can be switched off.
import { setImmediate as turn } from 'node:timers/promises'
import type { Backend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { createAuthenticator } from '../../auth/authenticate.js'
import { createRegistryVerifier } from '../../auth/registry-verifier.js'
import { catalogLinks } from '../../mcp/catalog-links.js'
import type { ConfirmationPolicy } from '../../mcp/confirmation-tokens.js'
import { createSpentTokens } from '../../mcp/spent-tokens.js'
import { idleBackend, keptLog, sampleDeps } from '../../mcp/test/sample-tools.js'
import { createAllowList } from '../../tenancy/allow-list.js'
import { createStacks } from '../../tenancy/stacks.js'
import { createBackendCache } from '../backend-cache.js'
import { type HttpDeps, startHttp } from '../http.js'
import type { SignInRules } from '../http-app.js'
import { type AdmissionRule, admission } from '../limits/admission.js'
import { failedAuthentications } from '../limits/failed-authentications.js'
import { createMetrics } from '../operations/metrics.js'
import { createReadiness } from '../operations/readiness.js'

export interface PostOptions {
  readonly path?: string
  /** Empty: none. */
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface SampleChanges {
  readonly limits?: Partial<AdmissionRule>
  readonly signIn?: SignInRules
  readonly confirm?: ConfirmationPolicy
}

/** Starts the server. Its users are the tokens: each is told its own token as the user's name. */
export async function startSampleServer(tokens: readonly string[], changes: SampleChanges = {}) {
  const log = keptLog()
  const registry = { isDown: false }
  /** The tokens for which a backend was made, in order. */
  const made: string[] = []
  const down = () => Promise.reject(new QuiltError('upstream', 'the registry is down'))
  const backends = createBackendCache(({ token }): Promise<Backend> => {
    made.push(token)
    const identity: Backend['identity'] = async () => {
      await turn()
      return { backend: 'platform', user: { name: token }, objectAccess: 'credentials' }
    }
    return Promise.resolve({ ...idleBackend, identity })
  })
  const registryVerifier = createRegistryVerifier({
    check: (token) =>
      registry.isDown ? down() : Promise.resolve(tokens.includes(token) ? { name: token, role: 'reader' } : undefined),
    onInvalid: (token) => backends.dropToken(token),
  })
  const limits = { maxConcurrent: 1000, rateLimit: 0, now: Date.now, ...changes.limits }
  const running = admission(limits)
  const { registry: tools } = await sampleDeps(log).calls()
  const metrics = createMetrics({ tools: [], requestsUnderWay: running.underWay, backendsOpen: backends.size })
  const deps: HttpDeps = {
    server: sampleDeps(log),
    authenticator: createAuthenticator({
      registry: registryVerifier,
      stacks: createStacks({ registryUrl: 'https://registry.example.com' }, createAllowList([])),
      assumesRoles: false,
      allowedRoles: [],
    }),
    backends,
    linksOf: () => catalogLinks(undefined),
    narrowing: { readOnly: false },
    confirmations: { spent: createSpentTokens(), policy: changes.confirm ?? 'ask' },
    refused(principal) {
      registryVerifier.forget(principal.token)
      backends.drop(principal)
    },
    admission: running,
    failures: failedAuthentications({ now: Date.now }),
    metrics,
    knownNames: tools.known,
    maxRequestBytes: 16 * 1024 * 1024,
    requestSeconds: 60,
    access: { hosts: new Set(), origins: ['https://catalog.example.com'], isCatalog: () => false },
    signIn: changes.signIn,
    readiness: createReadiness({
      now: Date.now,
      rememberMs: 0,
      probe: () => (registry.isDown ? down() : Promise.resolve()),
    }),
  }
  const options = { host: '127.0.0.1', port: 0, maxConcurrent: limits.maxConcurrent, drainSeconds: 10 }
  const { url, close } = await startHttp(deps, options)

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
  return { url, close, post, log, made, registry, deps, options }
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
