// Stands between the server and the registry (or S3) and plays one fault at a time. Everything else passes through unchanged.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** What the proxy does to a request. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly contentType?: string }
  /** The real answer, with GraphQL `errors` beside its `data`. */
  | { readonly kind: 'errors-beside-data' }
  /** The real answer, cut in the middle, the connection reset. */
  | { readonly kind: 'truncated' }
  /** No answer until the client leaves. */
  | { readonly kind: 'silent' }

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

export interface FaultProxy {
  readonly url: string
  /** Plays the fault for the requests that `matches` from now on; undefined: no fault. */
  play(fault: Fault | undefined, matches?: (path: string, body: string) => boolean): void
  /** The requests seen since the last call of this. */
  seen(): readonly SeenRequest[]
  close(): Promise<void>
}

/** A proxy on a free loopback port in front of `target`. */
export async function faultProxy(target: string): Promise<FaultProxy> {
  let fault: Fault | undefined
  let matches: (path: string, body: string) => boolean = () => true
  let seen: SeenRequest[] = []
  const server = createServer((incoming, outgoing) => {
    collect(incoming)
      .then((body) => {
        const path = incoming.url ?? '/'
        seen.push({ method: incoming.method ?? '', path, body: body.toString() })
        const active = fault !== undefined && matches(path, body.toString()) ? fault : undefined
        return answer(active, incoming, body, outgoing, target)
      })
      // One of both sides is gone: the other one is told so.
      .catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    play(next, only = () => true) {
      fault = next
      matches = only
    },
    seen() {
      const since = seen
      seen = []
      return since
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function answer(
  fault: Fault | undefined,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  target: string,
) {
  if (fault?.kind === 'silent') return
  if (fault?.kind === 'status') {
    outgoing.writeHead(fault.status, { 'content-type': fault.contentType ?? 'application/json' })
    outgoing.end(fault.body ?? '{"message":"played by the test"}')
    return
  }
  const real = await passOn(incoming, body, target)
  if (fault?.kind === 'errors-beside-data') {
    const parsed: unknown = JSON.parse(real.body.toString())
    outgoing.writeHead(200, { 'content-type': 'application/json' })
    outgoing.end(
      JSON.stringify({ ...(parsed as object), errors: [{ message: 'a resolver failed', path: ['package'] }] }),
    )
  } else if (fault?.kind === 'truncated') {
    outgoing.writeHead(real.status, { ...real.headers, 'content-length': String(real.body.length) })
    outgoing.write(real.body.subarray(0, Math.floor(real.body.length / 2)), () => outgoing.destroy())
  } else {
    outgoing.writeHead(real.status, real.headers)
    outgoing.end(real.body)
  }
}

async function passOn(incoming: IncomingMessage, body: Buffer, target: string) {
  const forwarded = request(new URL(incoming.url ?? '/', target), {
    method: incoming.method,
    headers: incoming.headers,
  })
  forwarded.end(body)
  const [real] = (await once(forwarded, 'response')) as [IncomingMessage]
  return { status: real.statusCode ?? 502, headers: real.headers, body: await collect(real) }
}
