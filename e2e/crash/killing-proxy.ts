// Stands between a pusher and the registry, or S3, and has it killed at one of the requests that change something.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { partOf } from './parts.mjs'
import { type KillPoint, pointWatch, type Step } from './points.js'

export interface KillingProxy {
  readonly url: string
  /** From now on: which process is killed, and where. Undefined: none. */
  arm(point: KillPoint | undefined, kill?: () => void): void
  /** The steps since it was armed last, without those that only read. */
  steps(): readonly Step[]
  /** Waits until whatever was passed on is answered. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** A proxy on a free loopback port in front of `target`. */
export async function killingProxy(target: string): Promise<KillingProxy> {
  let watch = pointWatch(undefined)
  let kill: () => void = () => {}
  let steps: Step[] = []
  const underWay = new Set<Promise<void>>()

  const serve = async (incoming: IncomingMessage, answer: Answer): Promise<void> => {
    const body = await wholeBody(incoming)
    if (body === undefined) return
    const step = stepOf(incoming, body)
    if (step !== undefined) steps.push(step)
    const moment = step === undefined ? undefined : watch(step)
    if (moment === 'before') return kill()
    const given = await passOn({ incoming, body, target, half: moment === 'half' })
    if (moment !== undefined || given === undefined) return kill()
    answer(given)
  }

  const server = createServer((incoming, outgoing) => {
    const served = serve(incoming, ({ status, headers, body }) => {
      outgoing.writeHead(status, headers)
      outgoing.end(body)
    }).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined)
    })
    underWay.add(served)
    void served.then(() => underWay.delete(served))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    arm(point, killer = () => {}) {
      watch = pointWatch(point)
      kill = killer
      steps = []
    },
    steps: () => steps,
    async idle() {
      await Promise.all(underWay)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Given {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

type Answer = (given: Given) => void

/** All of it; undefined when the process that sent it has died meanwhile. */
async function wholeBody(stream: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

/** What a request changes; undefined when it only reads. */
function stepOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Step | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  if (pathname === '/graphql') {
    return /\bmutation\s+(\w+)/.exec(body.toString())?.[1]
  }
  const copies = headers['x-amz-copy-source'] !== undefined
  const part = partOf(decodeURIComponent(pathname))
  if (searchParams.has('uploads')) return `CreateMultipartUpload ${part}`
  if (searchParams.has('partNumber')) return `${copies ? 'UploadPartCopy' : 'UploadPart'} ${part}`
  if (method === 'DELETE') return `${searchParams.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject'} ${part}`
  if (searchParams.has('uploadId')) return `CompleteMultipartUpload ${part}`
  if (method === 'POST') return `${pathname} ${part}`
  return `${copies ? 'CopyObject' : 'PutObject'} ${part}`
}

/** Passes the request on, whole or only the first half of its body. @returns the answer; undefined when there is none */
async function passOn(call: {
  readonly incoming: IncomingMessage
  readonly body: Buffer
  readonly target: string
  readonly half: boolean
}): Promise<Given | undefined> {
  const { incoming, body, target, half } = call
  const { method, headers } = incoming
  const forwarded = request(new URL(incoming.url ?? '/', target), { method, headers, agent: false })
  if (half) {
    forwarded.on('error', () => {})
    await new Promise<void>((resolve) =>
      forwarded.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve()),
    )
    forwarded.destroy()
    return undefined
  }
  forwarded.end(body)
  const [real] = (await once(forwarded, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of real) chunks.push(chunk as Buffer)
  return { status: real.statusCode ?? 502, headers: real.headers, body: Buffer.concat(chunks) }
}
