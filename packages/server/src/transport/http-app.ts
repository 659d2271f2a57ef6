// What each path of the HTTP server answers, and what every answer has in common.
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { QuiltError } from '@quilt-mcp/core'
import { type Context, Hono } from 'hono'
import {
  metadataPaths,
  metadataUrlOf,
  protectedResourceMetadata,
  resourceOf,
} from '../auth/oauth/protected-resource.js'
import type { Log } from '../context/log.js'
import { requestIdOf } from '../context/request-id.js'
import { asQuiltError } from '../mcp/error.js'
import { answerRefusal } from './limits/answer-refusal.js'
import type { Refusal } from './limits/refusal.js'
import { refusedHeaders } from './limits/server-limits.js'
import { whenAnswered } from './limits/when-answered.js'
import { type McpPath, mcpEndpoints, mcpPath } from './mcp-path.js'
import type { McpRoute } from './mcp-route.js'
import type { Metrics } from './operations/metrics.js'
import { operationsAnswer } from './operations/operations-answers.js'
import type { Readiness } from './operations/readiness.js'
import { type AccessRules, corsHeaders, hostAllowed, originAllowed, preflightHeaders } from './origin.js'

/** How clients find whom to sign in with (RFC 9728). */
export interface SignInRules {
  /** Address under which clients reach this server. */
  readonly publicUrl: string
  /** The authorization server. */
  readonly issuer: string
  readonly scope: string
}

export interface HttpAppDeps {
  readonly route: McpRoute
  readonly access: AccessRules
  /** Absent: there is no authorization server. */
  readonly signIn?: SignInRules | undefined
  readonly readiness: Readiness
  readonly metrics: Metrics
  readonly log: Log
}

type Env = { Bindings: HttpBindings; Variables: { requestId: string } }

/** Makes the app. */
export function httpApp(deps: HttpAppDeps): Hono<Env> {
  const { access, metrics, signIn } = deps
  const app = new Hono<Env>()

  app.use(async (c, next) => {
    const { incoming, outgoing } = c.env
    outgoing.once('close', () => metrics.answer(outgoing.statusCode))
    const requestId = requestIdOf(c.req.header('X-Request-Id'))
    c.set('requestId', requestId)
    const unreadable = refusedHeaders(incoming)
    if (unreadable !== undefined) return refuse(c, unreadable)
    // Load balancers ask after health by address.
    if (!isHealth(c) && !hostAllowed(incoming.headers.host, access)) return refuse(c, foreign('host'))
    const origin = c.req.header('Origin')
    if (!originAllowed(origin, access)) return refuse(c, foreign('origin'))
    // On Node's own answer: a Response would have to be copied for them.
    for (const [name, value] of Object.entries(answerHeaders(requestId, origin))) outgoing.setHeader(name, value)
    await next()
    return undefined
  })

  app.get('/.well-known/*', (c) => {
    const found = metadataPaths.find(({ path }) => path === pathOf(c))
    if (found === undefined || signIn === undefined) return nothingHere(c)
    const resource = resourceOf(signIn.publicUrl, found.resourcePath)
    return c.json(protectedResourceMetadata({ resource, issuer: signIn.issuer, scope: signIn.scope }))
  })
  app.all('/mcp/*', (c) => {
    const path = mcpPath(pathOf(c))
    if (path === undefined) return nothingHere(c)
    if (c.req.method === 'POST') return serveMcp(c, path, deps)
    if (c.req.method === 'OPTIONS') {
      return c.body(null, 204, preflightHeaders(c.req.header('Access-Control-Request-Headers')))
    }
    const error = { code: -32000, message: 'Method not allowed: this server is stateless, every message is a POST.' }
    return c.json({ jsonrpc: '2.0', error, id: null }, 405, { Allow: 'POST, OPTIONS' })
  })
  app.get('*', async (c) => {
    const answer = await operationsAnswer(pathOf(c), { readiness: deps.readiness })
    return answer === undefined ? nothingHere(c) : new Response(answer.body, answer)
  })
  app.notFound(nothingHere)
  app.onError((thrown, c) => {
    const error = asQuiltError(thrown)
    const reference = error.details?.reference
    deps.log.error({ reference, requestId: c.get('requestId'), error: thrown }, 'a request failed')
    return refuse(c, { status: 500, error, headers: {} })
  })
  return app
}

async function serveMcp(c: Context<Env>, path: McpPath, { route, signIn }: HttpAppDeps): Promise<Response> {
  const { incoming, outgoing } = c.env
  const answer = await route.serve({
    incoming,
    request: c.req.raw,
    path,
    requestId: c.get('requestId'),
    signIn:
      signIn === undefined
        ? {}
        : { scope: signIn.scope, resourceMetadata: metadataUrlOf(resourceOf(signIn.publicUrl, path.endpoint)) },
    entered: (leave) => whenAnswered(incoming, outgoing, leave),
  })
  return answer instanceof Response ? answer : refuse(c, answer)
}

/** What every answer carries, errors included: a page must be able to read why it was refused. */
const answerHeaders = (requestId: string, origin: string | undefined): Record<string, string> => ({
  'X-Request-Id': requestId,
  ...(origin === undefined ? {} : corsHeaders(origin)),
})

function refuse(c: Context<Env>, refusal: Refusal): Response {
  answerRefusal(c.env.incoming, c.env.outgoing, refusal)
  return RESPONSE_ALREADY_SENT
}

const nothingHere = (c: Context<Env>): Response => {
  const hint = `MCP is served at ${mcpEndpoints.join(' and ')}.`
  return refuse(c, {
    status: 404,
    error: new QuiltError('not_found', 'there is nothing at this path', { hint }),
    headers: {},
  })
}

const foreign = (what: 'host' | 'origin'): Refusal => ({
  status: 403,
  error: new QuiltError('forbidden', `this ${what} may not call this server`, {
    hint:
      what === 'host'
        ? 'Use the address the server listens on, or start it with --allowed-hosts.'
        : 'Start the server with --allowed-origins to allow it.',
  }),
  headers: {},
})

const isHealth = (c: Context<Env>): boolean =>
  c.req.method === 'GET' && (pathOf(c) === '/healthz' || pathOf(c) === '/readyz')

/** As it was sent: not decoded, not normalised. */
const pathOf = (c: Context<Env>): string => (c.env.incoming.url ?? '/').split('?', 1)[0] ?? '/'
