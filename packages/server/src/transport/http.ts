// MCP over HTTP for many callers: stateless, each request with its own token. Nothing here, or below, looks past that token
// for an identity: no environment, no AWS profile of this machine.
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { QuiltError } from '@quilt-mcp/core'
import { type HttpAppDeps, httpApp } from './http-app.js'
import { limitServer, serverOptions } from './limits/server-limits.js'
import { type McpRouteDeps, mcpRoute } from './mcp-route.js'
import { drainable } from './operations/drain.js'
import { type OperationsServer, operationsServer } from './operations/operations-server.js'

export interface HttpDeps extends McpRouteDeps, Omit<HttpAppDeps, 'route' | 'log'> {}

export interface HttpOptions {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** Port of metrics and health alone; 0: a free one. Absent: there are no metrics. */
  readonly metricsPort?: number | undefined
  readonly maxConcurrent: number
  /** That requests under way have to end when the server is closed. */
  readonly drainSeconds: number
}

export interface RunningServer {
  /** `http://<host>:<port>` */
  readonly url: string
  /** Of the port of metrics. */
  readonly metricsUrl?: string | undefined
  /** Takes no more requests, lets those that run end for a while, then returns. */
  close(): Promise<void>
}

/** Starts the HTTP server. @throws {QuiltError} `unsupported` when an address cannot be listened on */
export async function startHttp(deps: HttpDeps, options: HttpOptions): Promise<RunningServer> {
  const { host, metricsPort, maxConcurrent, drainSeconds } = options
  const route = mcpRoute(deps)
  const app = httpApp({ ...deps, route, log: deps.server.log })
  const listener = getRequestListener(app.fetch)
  const http = createServer(serverOptions, (incoming, outgoing) => void listener(incoming, outgoing))
  limitServer(http, { maxConcurrent })
  const requests = drainable(http)
  const port = await listen(http, options)
  const operations =
    metricsPort === undefined ? undefined : await operationsOrClose(http, { ...deps, host, port: metricsPort })
  return {
    url: urlOf(host, port),
    metricsUrl: operations === undefined ? undefined : urlOf(host, operations.port),
    async close() {
      deps.readiness.drain()
      await requests.drain({ seconds: drainSeconds })
      await route.close()
      await deps.backends.close()
      await operations?.close()
      deps.metrics.close()
    },
  }
}

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** A server without the port that was asked for is none. */
async function operationsOrClose(
  http: Server,
  options: Parameters<typeof operationsServer>[0],
): Promise<OperationsServer> {
  try {
    return await operationsServer(options)
  } catch (error) {
    http.close()
    throw error
  }
}

function listen(http: Server, { host, port }: HttpOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new QuiltError('unsupported', `cannot listen on ${host}:${port} (${cause.code ?? cause.name})`, {
          hint: 'Choose another --port; 0 takes a free one.',
          cause,
        }),
      ),
    )
    http.listen(port, host, () => {
      const address = http.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
