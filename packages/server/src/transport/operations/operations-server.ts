// Health and metrics on a port of their own, so that the main one can be open to the world without them.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { QuiltError } from '@quilt-mcp/core'
import { errorBody } from '../../mcp/error.js'
import { limitServer, serverOptions } from '../limits/server-limits.js'
import { type OperationsDeps, operationsAnswer } from './operations-answers.js'

export interface OperationsOptions extends OperationsDeps {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
}

export interface OperationsServer {
  readonly port: number
  close(): Promise<void>
}

/** Serves /healthz, /readyz and, when there are metrics, /metrics.
 * @throws {QuiltError} `unsupported` when the address cannot be listened on */
export async function operationsServer({ host, port, ...deps }: OperationsOptions): Promise<OperationsServer> {
  const server = createServer(serverOptions, (incoming, outgoing) => {
    answer(incoming, outgoing, deps).catch((error: Error) => outgoing.destroy(error))
  })
  limitServer(server, { maxConcurrent: 64 })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new QuiltError('unsupported', `cannot listen on ${host}:${port} for metrics (${code})`, {
      hint: 'Choose another --metrics-port; 0 takes a free one.',
      cause,
    })
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer({ method, url = '/' }: IncomingMessage, outgoing: ServerResponse, deps: OperationsDeps) {
  const isRead = method === 'GET' || method === 'HEAD'
  const found = isRead ? await operationsAnswer(url.split('?', 1)[0] ?? url, deps) : undefined
  const { status, headers, body } = found ?? {
    status: isRead ? 404 : 405,
    headers: { 'Content-Type': 'application/json', ...(!isRead && { Allow: 'GET, HEAD' }) },
    body: JSON.stringify({ error: errorBody(nothingHere()) }),
  }
  outgoing.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  outgoing.end(method === 'HEAD' ? undefined : body)
}

const nothingHere = (): QuiltError =>
  new QuiltError('not_found', 'there is nothing here', { hint: 'GET /healthz, /readyz or /metrics.' })
