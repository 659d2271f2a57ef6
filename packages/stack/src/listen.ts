// One loopback port: opened before what answers there is known, closed without cutting off what is under way.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { QuiltError } from '@quilt-mcp/core'
import type { NodeBindings } from './s3/app.js'

export interface Listener {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Begins to answer. */
  answer(fetch: (request: Request, env: NodeBindings) => Promise<Response>): void
  close(): Promise<void>
}

const graceMs = 2_000

/** Listens on 127.0.0.1.
 * @param port 0: a free one
 * @throws {QuiltError} `conflict` when the port is taken */
export async function listen(port: number): Promise<Listener> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
      throw new QuiltError('conflict', `port ${port} is taken`, {
        hint: 'Choose another port, or 0 for a free one.',
        cause,
      })
    throw cause
  }
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    answer(fetch) {
      const respond = getRequestListener((request, env) => fetch(request, env), { overrideGlobalObjects: false })
      server.on('request', (incoming, outgoing) => void respond(incoming, outgoing))
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(impatience)
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}
