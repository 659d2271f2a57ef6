// One exchange over a socket of its own: sends the bytes, reads what comes back.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import type { Sending } from './wire.js'

/** An HTTP answer, as it came. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Exchanged {
  readonly answers: readonly Answer[]
  /** Bytes that are no whole answer, at the end. */
  readonly rest: string
  /** Why nothing more came: all that was owed is there, the server closed, the sender had enough, or the time was up. */
  readonly ended: 'complete' | 'closed' | 'left' | 'late'
}

const lookMs = 60
const lateMs = 20_000

/** Sends and listens. @throws when there is no connection */
export async function exchange(port: number, { pieces, next, answers: owed }: Sending): Promise<Exchanged> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  let received = ''
  let parsed: Parsed = { answers: [], rest: '' }
  const heard = new Promise<'complete' | 'closed'>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      parsed = parseAnswers(received)
      if (next === 'wait' && parsed.answers.length >= owed) resolve('complete')
    })
    socket.on('error', () => resolve('closed')).on('close', () => resolve('closed'))
  })
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await after(2)
    if (socket.writable) socket.write(piece)
  }
  const ended = await Promise.race([heard, whatNext(socket, next)])
  // Not FIN: thousands of connections a second would stay behind in TIME_WAIT.
  socket.resetAndDestroy()
  return { ...parsed, ended }
}

async function whatNext(socket: Socket, next: Sending['next']): Promise<'left' | 'late'> {
  if (next === 'wait') return after(lateMs, 'late' as const, { ref: false })
  if (next === 'cut') return after(1, 'left' as const)
  if (next === 'end') socket.end()
  return after(lookMs, 'left' as const)
}

type Parsed = Pick<Exchanged, 'answers' | 'rest'>

/** The whole answers at the start of what came. */
function parseAnswers(text: string): Parsed {
  const answers: Answer[] = []
  let rest = text
  for (;;) {
    const found = firstAnswer(rest)
    if (found === undefined) return { answers, rest }
    if (found.answer.status >= 200) answers.push(found.answer)
    rest = found.rest
  }
}

function firstAnswer(text: string): { readonly answer: Answer; readonly rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n')
  const [start = '', ...lines] = end === -1 ? [] : text.slice(0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(`${start} `)?.[1])
  if (Number.isNaN(status)) return undefined
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const after = text.slice(end + 4)
  if (status < 200 || status === 204 || status === 304) return { answer: { status, headers, body: '' }, rest: after }
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunked(after)
    return body && { answer: { status, headers, body: utf8(body.text) }, rest: body.rest }
  }
  const length = Number(headers['content-length'] ?? 0)
  if (after.length < length) return undefined
  return { answer: { status, headers, body: utf8(after.slice(0, length)) }, rest: after.slice(length) }
}

function unchunked(text: string): { readonly text: string; readonly rest: string } | undefined {
  let body = ''
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (line === -1 || text.length < line + 2 + size + 2) return undefined
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
    if (size === 0) return { text: body, rest: text.slice(at) }
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')
