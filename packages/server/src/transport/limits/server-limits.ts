// What node's own HTTP server is told, and how it answers what it refuses before any of our code sees a request.
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { answerRefusal } from './answer-refusal.js'
import { notTaken, type Refusal, refusalText } from './refusal.js'

const mostHeaders = 100

/** For `createServer`. A token of 16 KiB fits with 8 KiB of other headers. Idle connections live longer than those of common load
 * balancers (60 s), which would otherwise send a request into a connection that is just being closed. */
export const serverOptions: ServerOptions = {
  maxHeaderSize: 24 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 90_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
  // Node would answer without a body; `refusedHeaders` says why.
  requireHostHeader: false,
}

/** Sets what `createServer` does not take, and answers in our form what node refuses.
 * @param maxConcurrent requests at once; four times as many connections may be open, and 256 */
export function limitServer(server: Server, { maxConcurrent }: { readonly maxConcurrent: number }): void {
  // One more than are taken: node drops the rest in silence.
  server.maxHeadersCount = mostHeaders + 1
  server.maxConnections = 4 * maxConcurrent + 256
  const unanswered = new WeakMap<Socket, Set<ServerResponse>>()
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const open = unanswered.get(socket) ?? new Set()
    unanswered.set(socket, open.add(response))
    response.once('close', () => open.delete(response))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const open = unanswered.get(socket as Socket)?.values() ?? []
    const [first, ...others] = open
    // Bytes of another answer must not come before, between or after this one.
    if (!socket.writable || error.code === 'ECONNRESET' || first?.headersSent || others.length > 0) socket.destroy()
    else (socket as Socket).end(wireText(refusalOfNode(error)), () => (socket as Socket).destroySoon())
  })
  server.on('checkExpectation', (incoming: IncomingMessage, response: ServerResponse) => {
    const hint = 'Leave it out.'
    answerRefusal(incoming, response, notTaken(417, 'invalid_input', 'the Expect header is not understood', hint))
  })
}

/** 431 or 400 for headers that node lets through: too many, none that names the host, or more than one (RFC 9112, 3.2). */
export function refusedHeaders({
  rawHeaders,
  headers,
  headersDistinct,
  httpVersion,
}: IncomingMessage): Refusal | undefined {
  if (rawHeaders.length > 2 * mostHeaders) {
    return notTaken(431, 'invalid_input', `the request has more than ${mostHeaders} headers`, 'Send fewer.')
  }
  if (httpVersion === '1.1' && headers.host === undefined) {
    return notTaken(400, 'invalid_input', 'the request has no Host header', 'HTTP/1.1 asks for one.')
  }
  if ((headersDistinct.host?.length ?? 0) > 1) {
    return notTaken(400, 'invalid_input', 'the request has more than one Host header', 'Send one.')
  }
  return undefined
}

function refusalOfNode({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const hint = 'Send fewer or shorter headers: 24 KiB in all.'
    return notTaken(431, 'invalid_input', 'the headers are too long', hint)
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return notTaken(408, 'timeout', 'the request did not come in time', 'Send the request again.')
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return notTaken(413, 'invalid_input', 'the chunk extensions are too long', 'Send chunks without extensions.')
  }
  return notTaken(400, 'invalid_input', 'this is not an HTTP request that can be read', 'Send HTTP/1.1.')
}

function wireText(refusal: Refusal): string {
  const text = refusalText(refusal)
  const headers = { ...refusal.headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${lines.join('')}\r\n${text}`
}
