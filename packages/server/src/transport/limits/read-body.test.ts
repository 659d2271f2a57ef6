import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listening, type RawClient, rawClient } from '../test/listening.js'
import { answerRefusal } from './answer-refusal.js'
import { type BodyHold, createBodyBudget } from './body-budget.js'
import { readBody } from './read-body.js'
import { limitServer, serverOptions } from './server-limits.js'

const maxBytes = 1000
let server: Server
let port: number
/** How the reading of each request ended. */
let endings: string[]
let reading: AbortController
let seconds: number
let onEnding: () => void
let hold: BodyHold | undefined

beforeEach(async () => {
  endings = []
  seconds = 5
  hold = undefined
  reading = new AbortController()
  onEnding = () => {}
  server = createServer(serverOptions, (incoming, outgoing) => {
    void readBody(incoming, { maxBytes, signal: reading.signal, seconds, ...(hold && { hold }) })
      .then(
        (read) => {
          if ('refusal' in read) answerRefusal(incoming, outgoing, read.refusal, { 'X-Request-Id': '1' })
          else outgoing.end(`read ${read.body.length}`)
          return 'refusal' in read ? String(read.refusal.status) : 'read'
        },
        (error: Error) => {
          outgoing.destroy()
          return error.message
        },
      )
      .then((ending) => {
        endings.push(ending)
        onEnding()
      })
  })
  limitServer(server, { maxConcurrent: 10 })
  port = await listening(server)
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const head = (...headers: string[]) => ['POST / HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n')
const send = (text: string): RawClient => rawClient(port, text)
const requestSeen = () => new Promise<IncomingMessage>((resolve) => server.once('request', resolve))
const ending = () =>
  new Promise<void>((resolve) => {
    if (endings.length > 0) resolve()
    onEnding = resolve
  })

describe('a body', () => {
  it.each([
    ['of a declared length', `${head('Content-Length: 3', 'Connection: close')}abc`, 'read 3'],
    ['in chunks', `${head('Transfer-Encoding: chunked', 'Connection: close')}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`, 'read 3'],
    ['that is empty', head('Content-Length: 0', 'Connection: close'), 'read 0'],
    ['that is not there', head('Connection: close'), 'read 0'],
    ['as long as allowed', `${head('Content-Length: 1000', 'Connection: close')}${'x'.repeat(1000)}`, 'read 1000'],
    ['encoded as itself', `${head('Content-Length: 1', 'Content-Encoding: identity', 'Connection: close')}x`, 'read 1'],
  ])('%s is read', async (_what, text, answer) => {
    expect(await send(text).ended()).toContain(answer)
  })

  it.each([
    ['declared too long, before any of it is sent', head('Content-Length: 1001'), 413],
    [
      'too long in chunks',
      `${head('Transfer-Encoding: chunked')}${'200\r\n'.concat('x'.repeat(512), '\r\n').repeat(3)}`,
      413,
    ],
    ['compressed', head('Content-Length: 5', 'Content-Encoding: gzip'), 415],
  ])('%s is refused, and the connection closed', async (_what, text, status) => {
    const client = send(text)
    const answer = await client.received('}}')
    client.socket.end()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\nConnection: close\r\n`, 's'))
    expect(answer).toContain('X-Request-Id: 1')
    expect(answer).toMatch(/\{"error":\{"code":"(invalid_input|unsupported)","message":"the body is [^"]+","hint":/)
    await client.ended()
  })

  it('that is far too long does not keep its client from reading why', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x'.repeat(8_000_000) }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413, 413, 413])
  })

  it('that finds no room is refused, and the connection closed', async () => {
    hold = createBodyBudget({ totalBytes: 100, callerBytes: 10 }).hold('ada')
    const client = send(`${head('Content-Length: 11')}${'x'.repeat(11)}`)
    expect(await client.ended()).toMatch(/^HTTP\/1.1 429 .*\r\nRetry-After: 1\r\nConnection: close\r\n/s)
  })

  it('that does not come in time is answered 408', async () => {
    seconds = 0.05
    expect(await send(`${head('Content-Length: 10')}abc`).received('408')).toMatch(/^HTTP\/1.1 408 /)
    expect(endings).toEqual(['408'])
  })

  it('that breaks off ends the reading', async () => {
    const client = send(`${head('Content-Length: 10')}abc`)
    await requestSeen()
    client.socket.destroy()
    await ending()
    expect(endings).toEqual(['the client went away before its request was complete'])
  })

  it('is not waited for once its request is given up', async () => {
    const client = send(`${head('Content-Length: 10')}abc`)
    await requestSeen()
    reading.abort(new Error('given up'))
    await ending()
    expect(endings).toEqual(['given up'])
    await client.ended()
  })

  it('with a broken chunk is answered 400 by the server, and the reading ends', async () => {
    const answer = await send(`${head('Transfer-Encoding: chunked')}2\r\nab\r\nzz\r\n`).ended()
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*\{"error":\{"code":"invalid_input"/s)
    await ending()
    expect(endings).toEqual(['the client went away before its request was complete'])
  })
})
