// The registry over HTTP: REST, GraphQL, browse and the catalog's config.json on one port.
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { GraphqlHandler } from '../graphql/handler.js'
import { type AccountDeps, accountApi } from './account.js'
import { refusalAnswer } from './answer.js'
import { type BrowseDeps, browseApi } from './browse.js'
import { findCaller } from './caller.js'
import { configJson } from './config-json.js'
import { loginPage } from './login-page.js'

export interface RestAppDeps extends AccountDeps, BrowseDeps {
  readonly graphql: GraphqlHandler
  /** Without trailing slash. Asked for at each request: known once the port is. */
  readonly registryUrl: () => string
  /** Told of every failure that is no fault of the client. */
  readonly onDefect?: ((error: unknown) => void) | undefined
}

export interface RestApp {
  fetch(request: Request): Promise<Response>
}

const largestFormBytes = 64 * 1024
/** A package of 100,000 entries with metadata still fits. */
const largestOperationBytes = 64 * 1024 * 1024

const limited = (maxSize: number) =>
  bodyLimit({ maxSize, onError: () => refusalAnswer(413, `The body is longer than ${maxSize} bytes.`) })

/** The registry of a stack. Give `fetch` to `serve` of @hono/node-server. */
export function createRestApp(deps: RestAppDeps): RestApp {
  const { identity, graphql, registryUrl, onDefect } = deps
  const app = new Hono()
  app.use('/api/*', limited(largestFormBytes))
  app.use('/login', limited(largestFormBytes))
  app.get('/', (c) => c.text(`A Quilt stack on one machine: registry and catalog. Sign in at ${registryUrl()}/login\n`))
  app.get('/config.json', (c) => c.json(configJson(registryUrl())))
  app.post('/graphql', limited(largestOperationBytes), async (c) => {
    const caller = await findCaller(identity, c.req.header('authorization'))
    return graphql.fetch(c.req.raw, caller?.principal)
  })
  app.route('/', loginPage(identity))
  app.route('/', accountApi(deps))
  app.route('/', browseApi(deps))
  app.notFound(() => refusalAnswer(404, 'This stack does not have that call of the registry.'))
  app.onError((error) => {
    if (error instanceof HTTPException) return refusalAnswer(error.status, error.message)
    onDefect?.(error)
    return refusalAnswer(500, 'The stack failed at this. Its log has the reason.')
  })
  return { fetch: async (request) => app.fetch(request) }
}
