// A small real HTTP server that answers as a test says: an issuer of tokens, or a service of AWS.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { createHttpClient, type HttpClientOptions } from '@quilt-mcp/backends'
import { onTestFinished } from 'vitest'

export interface Asked {
  /** `GET /path?query` */
  readonly line: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Said {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, a text as it is. */
  readonly body?: unknown
}

/** `hang up` ends the connection without an answer, `silence` keeps it. */
export type Answer = (asked: Asked) => Said | 'hang up' | 'silence'

export interface SmallServer {
  readonly url: string
  /** What was asked, in order. */
  readonly asked: readonly Asked[]
  /** Answers otherwise from now on. */
  answer(answer: Answer): void
}

/** Starts a server on loopback; it ends with the test. */
export async function smallServer(first: Answer): Promise<SmallServer> {
  let current = first
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        const question = { line: `${request.method} ${request.url}`, headers: request.headers, body }
        asked.push(question)
        const said = current(question)
        if (said === 'silence') return
        if (said === 'hang up') {
          request.socket.destroy()
          return
        }
        const { status = 200, headers = {}, body: answer = '' } = said
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(typeof answer === 'string' ? answer : JSON.stringify(answer))
      },
      (error: Error) => response.destroy(error),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    asked,
    answer(answer) {
      current = answer
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A client that repeats nothing for long and ends with the test. */
export function testHttp(reach?: HttpClientOptions['reach']) {
  const http = createHttpClient({ reach, pauseMs: 1, timeoutsMs: { quick: 1_000, stream: 1_000 } })
  onTestFinished(() => http.close())
  return http
}
