// What goes over the socket: requests as they are, or with their frame broken.
import type { Random } from './random.js'

/** How to send one exchange. */
export interface Sending {
  /** Written one after the other, each once the one before is gone. */
  readonly pieces: readonly Buffer[]
  /** What the sender does then: wait for `answers`; look whether one comes; leave; or say that there is no more. */
  readonly next: 'wait' | 'look' | 'cut' | 'end'
  /** How many answers a server owes. With `wait` they must come, or the connection be closed. */
  readonly answers: number
  /** What is unusual, in a word: for the report. */
  readonly kind: string
}

export interface FuzzedRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

const head = ({ method, target, headers }: FuzzedRequest, ...more: readonly (readonly [string, string])[]): string =>
  `${method} ${target} HTTP/1.1\r\n${[...headers, ...more].map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`

/** A request in one piece, well framed. */
const framed = (request: FuzzedRequest): Buffer =>
  Buffer.concat([Buffer.from(head(request, ['Content-Length', `${request.body.length}`]), 'latin1'), request.body])

/** A request as it is sent: most of the time well framed, else in a way that a broken or hostile client would. */
export function sendingOf(request: FuzzedRequest, random: Random): Sending {
  if (!random.oneIn(4)) return { pieces: [framed(request)], next: 'wait', answers: 1, kind: 'framed' }
  const whole = framed(request)
  const { body } = request
  const withLength = (length: string) => Buffer.concat([Buffer.from(head(request, ['Content-Length', length])), body])
  const chunked = (...pieces: readonly string[]) => {
    const start = Buffer.from(head(request, ['Transfer-Encoding', 'chunked']))
    return Buffer.concat([start, ...pieces.map((piece) => Buffer.from(piece, 'latin1'))])
  }
  const chunk = (bytes: Buffer) => `${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`
  const half = Math.floor(body.length / 2)
  const chunks = body.length < 2 ? [] : [chunk(body.subarray(0, half)), chunk(body.subarray(half))]
  return random.pick<() => Sending>([
    () => ({ pieces: split(whole, random, 2 + random.below(5)), next: 'wait', answers: 1, kind: 'slow' }),
    () => ({ pieces: [whole.subarray(0, random.below(whole.length))], next: 'cut', answers: 0, kind: 'cut' }),
    () => ({ pieces: [whole], next: 'cut', answers: 0, kind: 'left' }),
    () => ({ pieces: [whole.subarray(0, random.below(whole.length))], next: 'end', answers: 0, kind: 'half closed' }),
    () => ({ pieces: [chunked(...chunks, '0\r\n\r\n')], next: 'wait', answers: 1, kind: 'chunked' }),
    () => ({
      pieces: [chunked(...chunks, random.pick(['zz\r\n', '-1\r\n', 'ffffffffffffffffff\r\n', '5\r\nab\r\n0\r\n\r\n']))],
      next: 'look',
      answers: 1,
      kind: 'lying chunks',
    }),
    () => ({
      pieces: [chunked(...chunks, `0;${'e'.repeat(20_000)}\r\n\r\n`)],
      next: 'look',
      answers: 1,
      kind: 'chunk extension',
    }),
    () => ({
      pieces: [withLength(`${body.length + 1 + random.below(100)}`)],
      next: 'end',
      answers: 0,
      kind: 'too long a length',
    }),
    () => ({
      pieces: [withLength(`${Math.max(0, body.length - 1 - random.below(20))}`)],
      next: 'look',
      answers: 1,
      kind: 'too short a length',
    }),
    () => ({
      pieces: [withLength(random.pick(['-1', '1e3', 'abc', '99999999999999999999', '', '0x10']))],
      next: 'look',
      answers: 1,
      kind: 'no length',
    }),
    () => ({ pieces: [withLength('20000000')], next: 'wait', answers: 1, kind: 'huge length' }),
    () => pipelined(whole, 2 + random.below(6)),
    () => ({
      pieces: [Buffer.concat([whole, Buffer.from('nonsense\r\n\r\n')])],
      next: 'look',
      answers: 1,
      kind: 'nonsense after',
    }),
    () => ({ pieces: [headFlood(request, random)], next: 'wait', answers: 1, kind: 'header flood' }),
    () => ({ pieces: [Buffer.from(random.pick(otherTalk))], next: 'look', answers: 0, kind: 'other talk' }),
  ])()
}

const pipelined = (whole: Buffer, times: number): Sending => ({
  pieces: [Buffer.concat(Array.from({ length: times }, () => whole))],
  // An answer that ends the connection leaves the others out.
  next: 'look',
  answers: times,
  kind: 'pipelined',
})

function headFlood(request: FuzzedRequest, random: Random): Buffer {
  const flood: (readonly [string, string])[] = random.oneIn(2)
    ? Array.from({ length: 50 + random.below(3000) }, (_, index) => [`X-${index}`, 'x'] as const)
    : [['X-Long', 'x'.repeat(1000 + random.below(60_000))]]
  return framed({ ...request, headers: [...request.headers, ...flood] })
}

function split(whole: Buffer, random: Random, count: number): readonly Buffer[] {
  const ends = Array.from({ length: count - 1 }, () => random.below(whole.length)).toSorted((a, b) => a - b)
  return [...ends, whole.length].map((end, index) => whole.subarray(ends[index - 1] ?? 0, end))
}

const otherTalk = [
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'GET /\r\n\r\n',
  '\r\n\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  'GET / HTTP/9.9\r\n\r\n',
  'POST /mcp HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}',
  'POST /mcp HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}',
  'POST /mcp HTTP/1.1\r\nHost : x\r\n\r\n',
  'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
  'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /mcp HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n',
  'GET http://169.254.169.254/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n',
]
