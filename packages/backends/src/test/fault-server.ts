// A real HTTP server that plays one fault after another.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export interface FaultServer {
  readonly url: string
  /** Method and path of every request, in order. */
  readonly requests: readonly string[]
  /** Headers of every request, in order. */
  readonly headers: readonly IncomingMessage['headers'][]
  /** Bodies of every request, in order. */
  readonly bodies: readonly string[]
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** Starts a server that answers the n-th request by the n-th answer, the last one for all that follow. It ends with the test. */
export async function faultServer(...answers: readonly Answer[]): Promise<FaultServer> {
  const requests: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const bodies: string[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const answer = answers[Math.min(requests.length, answers.length - 1)]
      requests.push(`${request.method} ${request.url}`)
      headers.push(request.headers)
      bodies.push(body)
      answer?.(request, response, body)
    })
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, requests, headers, bodies }
}

/** Answers with JSON. */
export const json =
  (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof value === 'string' ? value : JSON.stringify(value))
  }

/** Answers with a status and a text. */
export const text =
  (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) => {
    const length = String(Buffer.byteLength(body))
    response.writeHead(status, { 'content-type': 'text/plain', 'content-length': length, ...headers }).end(body)
  }

/** A sign-in page, as proxies send it. */
export const webPage = (status = 200): Answer =>
  text('<!DOCTYPE html><html><body>Sign in</body></html>', status, { 'content-type': 'text/html' })

/** Closes the connection without an answer. */
export const hangUp: Answer = (request) => request.socket.destroy()

/** Never answers. */
export const silence: Answer = () => {}

/** Promises more bytes than it sends. */
export const cutOff =
  (body: string, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(body.length + 100) })
    response.write(body, () => response.destroy())
  }
