// One HTTP request of a client, and every byte that comes back.
import { Agent, request } from 'node:http'

export interface Sending {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The client leaves after so long, whatever it has by then. */
  readonly abortAfterMs?: number | undefined
}

export interface Exchanged {
  /** 0: no answer had begun. */
  readonly status: number
  /** Header lines as they came. */
  readonly head: string
  readonly body: string
  /** Why it ended: the answer was complete, the client had left, or the connection broke. */
  readonly ended: 'complete' | 'left' | 'broken'
}

export interface Exchanger {
  exchange(sending: Sending): Promise<Exchanged>
  /** Leaves all connections; what is sent later opens new ones. */
  close(): void
}

const patienceMs = 120_000

/** Clients of one server, on connections that are kept. */
export function exchanger(origin: string): Exchanger {
  const agent = new Agent({ keepAlive: true })
  return {
    exchange: ({ path, headers, body, abortAfterMs }) =>
      new Promise((resolve) => {
        const chunks: Buffer[] = []
        let status = 0
        let head = ''
        const leaves = AbortSignal.timeout(abortAfterMs ?? patienceMs)
        const end = (isComplete: boolean) => {
          const ended = isComplete ? 'complete' : leaves.aborted && abortAfterMs !== undefined ? 'left' : 'broken'
          resolve({ status, head, body: Buffer.concat(chunks).toString(), ended })
        }
        const sent = request(
          new URL(path, origin),
          { agent, method: 'POST', headers: { ...headers, 'Content-Length': Buffer.byteLength(body) }, signal: leaves },
          (response) => {
            status = response.statusCode ?? 0
            head = response.rawHeaders.join('\n')
            response.on('data', (chunk: Buffer) => chunks.push(chunk))
            response.on('error', () => end(false))
            response.on('end', () => end(true))
            response.on('close', () => end(response.complete))
          },
        )
        sent.on('error', () => end(false))
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}
