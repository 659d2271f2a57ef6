// The registry over HTTP: REST, GraphQL, browse and the catalog's config.json on one port.
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { GraphqlHandler } from '../graphql/handler.js'
import type { NodeBindings } from '../s3/app.js'
import { type AccountDeps, accountApi } from './account.js'
import { refusalAnswer } from './answer.js'
import { type BrowseDeps, browseApi } from './browse.js'
import { type Caller, findCaller } from './caller.js'
import { configJson } from './config-json.js'
import { loginPage } from './login-page.js'
import { loginTries } from './login-tries.js'
import { type SearchApiDeps, searchApi } from './search.js'

export interface RestAppDeps extends Omit<AccountDeps, 'tries'>, BrowseDeps, SearchApiDeps {
  readonly graphql: GraphqlHandler
  /** Without trailing slash. Asked for at each request: known once the port is. */
  readonly registryUrl: () => string
  /** Told of every failure that is no fault of the client. */
  readonly onDefect?: ((error: unknown) => void) | undefined
}

export interface RestApp {
  fetch(request: Request, env?: NodeBindings): Promise<Response>
}

const largestFormBytes = 64 * 1024
/** A package of 100,000 entries with metadata still fits. */
const largestOperationBytes = 64 * 1024 * 1024

const limited = (maxSize: number) =>
  bodyLimit({ maxSize, onError: () => refusalAnswer(413, `The body is longer than ${maxSize} bytes.`) })

/** The client has left in the midst of its request: no defect of the stack, and nobody to answer. */
const isHangUp = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET'

/** The registry of a stack. Give `fetch` to `serve` of @hono/node-server. */
export function createRestApp(deps: RestAppDeps): RestApp {
  const { identity, graphql, registryUrl, onDefect, now } = deps
  const tries = loginTries({ now })
  const app = new Hono<{ Bindings: NodeBindings; Variables: { caller: Caller | undefined } }>()
  app.use('/api/*', limited(largestFormBytes))
  app.use('/login', limited(largestFormBytes))
  app.get('/', (c) => c.text(`A Quilt stack on one machine: registry and catalog. Sign in at ${registryUrl()}/login\n`))
  app.get('/config.json', (c) => c.json(configJson(registryUrl())))
  const [forCallers, forNobody] = [limited(largestOperationBytes), limited(largestFormBytes)]
  app.use('/graphql', async (c, next) => {
    const caller = await findCaller(identity, c.req.header('authorization'))
    c.set('caller', caller)
    return (caller === undefined ? forNobody : forCallers)(c, next) // who is nobody keeps the process busy with little only
  })
  app.post('/graphql', (c) => graphql.fetch(c.req.raw, c.get('caller')?.principal))
  app.route('/', loginPage({ identity, tries }))
  app.route('/', accountApi({ ...deps, tries }))
  app.route('/', browseApi(deps))
  app.route('/', searchApi(deps))
  app.notFound(() => refusalAnswer(404, 'This stack does not have that call of the registry.'))
  app.onError((error) => {
    if (error instanceof HTTPException) return refusalAnswer(error.status, error.message)
    if (isHangUp(error)) return refusalAnswer(400, 'The connection ended before the body did.')
    onDefect?.(error)
    return refusalAnswer(500, 'The stack failed at this. Its log has the reason.')
  })
  return { fetch: async (request, env) => app.fetch(request, env) }
}
