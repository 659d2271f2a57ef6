// MCP over HTTP for many callers: stateless, each request with its own token. Nothing here, or below, looks past that token
// for an identity: no environment, no AWS profile of this machine.
import { type HttpBindings, type ServerType, serve } from '@hono/node-server'
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server'
import type { Backend } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { type Context, Hono } from 'hono'
import { bearerToken } from '../auth/bearer.js'
import { principalOf } from '../auth/token-key.js'
import type { TokenVerifier } from '../auth/verify.js'
import type { RuntimeAuth } from '../context/runtime-context.js'
import type { Caller } from '../mcp/caller.js'
import type { CatalogLinks } from '../mcp/catalog-links.js'
import { confirmationTokens } from '../mcp/confirmation.js'
import { asQuiltError, errorBody } from '../mcp/error.js'
import { mcpServer, type ServerDeps } from '../mcp/server.js'
import type { Surface } from '../mcp/surface.js'
import type { BackendCache } from './backend-cache.js'
import { corsHeaders, hostAllowed, isLoopback, originAllowed, preflightHeaders } from './origin.js'

export interface HttpDeps {
  readonly server: ServerDeps
  readonly verifier: TokenVerifier
  readonly backends: BackendCache
  readonly links: CatalogLinks
  readonly readOnly: boolean
  /** Web origins that may call, beside those of this machine. */
  readonly allowedOrigins: readonly string[]
  /** Resolves when requests can be served; rejects with what is missing. */
  ready(): Promise<void>
}

export interface HttpOptions {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
}

export interface RunningServer {
  /** `http://<host>:<port>` */
  readonly url: string
  /** Takes no more requests, lets those that run end for up to 10 s, then returns. */
  close(): Promise<void>
}

/** Paths to the names that are listed there (design 5). */
const mcpPaths: Readonly<Record<string, Surface>> = { '/mcp': 'ours', '/mcp/platform/mcp': 'hosted' }

const maxRequestBytes = 16 * 1024 * 1024
const closeAfterMs = 10_000

/** Starts the HTTP server. @throws {QuiltError} `unsupported` when the address cannot be listened on */
export async function startHttp(deps: HttpDeps, options: HttpOptions): Promise<RunningServer> {
  const handlers = Object.entries(mcpPaths).map(([path, surface]) => ({ path, handler: mcpHandler(deps, surface) }))
  const app = httpApp(deps, { checkHost: isLoopback(options.host), handlers })
  const { http, port } = await listen(app.fetch, options)
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      const closed = new Promise<void>((done) => http.close(() => done()))
      if ('closeIdleConnections' in http) http.closeIdleConnections()
      const force = setTimeout(() => 'closeAllConnections' in http && http.closeAllConnections(), closeAfterMs)
      await closed
      clearTimeout(force)
      await Promise.all(handlers.map(({ handler }) => handler.close()))
      await deps.backends.close()
    },
  }
}

function listen(
  fetch: FetchCallback,
  { host, port }: HttpOptions,
): Promise<{ readonly http: ServerType; readonly port: number }> {
  return new Promise((resolve, reject) => {
    const http = serve({ fetch, hostname: host, port }, (address) => resolve({ http, port: address.port }))
    http.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new QuiltError('unsupported', `cannot listen on ${host}:${port} (${cause.code ?? cause.name})`, {
          hint: 'Choose another --port; 0 takes a free one.',
          cause,
        }),
      ),
    )
  })
}

type FetchCallback = Parameters<typeof serve>[0]['fetch']

interface AppOptions {
  readonly checkHost: boolean
  readonly handlers: readonly { readonly path: string; readonly handler: McpHttpHandler }[]
}

function httpApp(deps: HttpDeps, { checkHost, handlers }: AppOptions): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    const origin = c.req.header('Origin')
    if (checkHost && !hostAllowed(c.req.header('Host'))) return refuse(c, 403, foreign('host'))
    if (!originAllowed(origin, deps.allowedOrigins)) return refuse(c, 403, foreign('origin'))
    await next()
    if (origin !== undefined) for (const [name, value] of Object.entries(corsHeaders(origin))) c.header(name, value)
    return undefined
  })
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    try {
      await deps.ready()
    } catch (thrown) {
      return refuse(c, 503, asQuiltError(thrown))
    }
    return c.json({ status: 'ready' })
  })
  for (const { path, handler } of handlers) {
    app.options(path, (c) => c.body(null, 204, preflightHeaders(c.req.header('Access-Control-Request-Headers'))))
    app.post(path, async (c) => {
      let token: string
      try {
        token = bearerToken(c.env.incoming.headersDistinct.authorization ?? [])
        await deps.verifier.verify(token)
      } catch (thrown) {
        return refuseToken(c, deps, asQuiltError(thrown))
      }
      return handler.fetch(c.req.raw, { authInfo: { token, clientId: principalOf(token), scopes: [] } })
    })
    app.all(path, (c) => {
      const error = { code: -32000, message: 'Method not allowed: this server is stateless, every message is a POST.' }
      return c.json({ jsonrpc: '2.0', error, id: null }, 405, { Allow: 'POST, OPTIONS' })
    })
  }
  app.notFound((c) => {
    const hint = `MCP is served at ${Object.keys(mcpPaths).join(' and ')}.`
    return refuse(c, 404, new QuiltError('not_found', 'there is nothing at this path', { hint }))
  })
  app.onError((thrown, c) => {
    const error = asQuiltError(thrown)
    deps.server.log.error({ reference: error.details?.reference, stack: thrown.stack }, 'a request failed')
    return refuse(c, 500, error)
  })
  return app
}

type Status = 401 | 403 | 404 | 500 | 503

const refuse = (c: Context, status: Status, error: QuiltError): Response => c.json({ error: errorBody(error) }, status)

/** No token or a bad one is 401; a registry that does not answer is 503, or clients would throw good tokens away. */
function refuseToken(c: Context, deps: HttpDeps, error: QuiltError): Response {
  if (error.code === 'unauthenticated') {
    const problem = c.req.header('Authorization') === undefined ? '' : ', error="invalid_token"'
    c.header('WWW-Authenticate', `Bearer realm="quilt-mcp"${problem}, error_description="${error.message}"`)
    return refuse(c, 401, error)
  }
  deps.server.log.error(
    { code: error.code, reason: error.message, cause: String(error.cause) },
    'a token could not be checked',
  )
  c.header('Retry-After', '5')
  return refuse(c, 503, error)
}

const foreign = (what: 'host' | 'origin'): QuiltError =>
  new QuiltError('forbidden', `this ${what} may not call this server`, {
    hint:
      what === 'host'
        ? 'Use the address the server listens on.'
        : 'Start the server with --allowed-origins to allow it.',
  })

function mcpHandler(deps: HttpDeps, surface: Surface): McpHttpHandler {
  return createMcpHandler(
    ({ authInfo }) => {
      // Only reachable through the route above, which verified the token.
      if (!authInfo) throw new QuiltError('unauthenticated', 'the request carries no token')
      return mcpServer(deps.server, httpCaller(deps, surface, authInfo.token))
    },
    {
      maxRequestBodySize: maxRequestBytes,
      onerror: (error) => deps.server.log.debug({ reason: error.message }, 'a message was refused'),
    },
  )
}

function httpCaller(deps: HttpDeps, surface: Surface, token: string): Caller {
  return {
    environment: 'web-jwt',
    auth: { scheme: schemeOf(token), accessToken: token, claims: {}, extras: {} },
    principal: principalOf(token),
    view: { surface, readOnly: deps.readOnly },
    tokens: confirmationTokens(token),
    backend: (): Promise<Backend> => deps.backends.get(token),
    links: () => deps.links,
    failed: (error) => {
      if (error.code !== 'unauthenticated') return
      deps.verifier.forget(token)
      deps.backends.drop(token)
    },
  }
}

function schemeOf(token: string): RuntimeAuth['scheme'] {
  if (token.startsWith('qk_')) return 'api-key'
  return token.split('.').length === 3 ? 'jwt' : 'bearer'
}
