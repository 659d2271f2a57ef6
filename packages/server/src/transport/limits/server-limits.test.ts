import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listening, rawClient } from '../test/listening.js'
import { answerRefusal } from './answer-refusal.js'
import { limitServer, refusedHeaders, serverOptions } from './server-limits.js'

let server: Server
let port: number
const start = async (options = serverOptions) => {
  server = createServer(options, (incoming, outgoing) => {
    const refusal = refusedHeaders(incoming)
    if (refusal) answerRefusal(incoming, outgoing, refusal)
    else if (incoming.url === '/begun') outgoing.write('begun')
    else if (incoming.url !== '/silent') outgoing.end(`token of ${incoming.headers.authorization?.length ?? 0}`)
  })
  limitServer(server, { maxConcurrent: 10 })
  port = await listening(server)
}
beforeEach(() => start())
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const send = (text: string) => rawClient(port, text).ended()
const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))

describe('headers', () => {
  it('name one host', async () => {
    const twice = await send('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
    expect(twice).toMatch(/^HTTP\/1\.1 400 /)
    expect(bodyOf(twice)).toMatchObject({ error: { message: 'the request has more than one Host header' } })
  })

  it('have room for a token of 16 KiB', async () => {
    const token = `Bearer ${'t'.repeat(16 * 1024)}`
    const response = await fetch(`http://127.0.0.1:${port}`, { headers: { Authorization: token } })
    expect(await response.text()).toBe(`token of ${16 * 1024 + 7}`)
  })

  it.each([
    ['too long', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(30_000)}\r\n\r\n`, 431, 'the headers are too long'],
    [
      'too many',
      `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(2000)}\r\n`,
      431,
      'the request has more than 100 headers',
    ],
    ['without a host', 'GET / HTTP/1.1\r\n\r\n', 400, 'the request has no Host header'],
    [
      'with two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      undefined,
    ],
    [
      'with a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      undefined,
    ],
    [
      'with an unknown expectation',
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n',
      417,
      undefined,
    ],
    ['that are no HTTP', 'hello\r\n\r\n', 400, 'this is not an HTTP request that can be read'],
  ])('%s are answered in our form, without a stack', async (_what, text, status, message) => {
    const answer = await send(text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(bodyOf(answer)).toEqual({
      error: {
        code: 'invalid_input',
        message: message ?? expect.any(String),
        hint: expect.any(String),
        retryable: false,
      },
    })
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
  })

  it('that do not come are answered 408', async () => {
    server.closeAllConnections()
    server.close()
    await start({ ...serverOptions, headersTimeout: 50, connectionsCheckingInterval: 20 })
    const answer = await send('GET / HTTP/1.1\r\nHost: x\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/)
    expect(bodyOf(answer)).toMatchObject({ error: { code: 'timeout' } })
  })
})

describe('nonsense after a request on the same connection', () => {
  it('closes it, and nothing comes between the pieces of an answer that began', async () => {
    const client = rawClient(port, 'GET /begun HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.received('begun')
    client.socket.write('nonsense\r\n\r\n')
    expect(await client.ended()).not.toContain('400 Bad Request')
  })

  it('is not taken for the answer to one of several', async () => {
    const request = 'GET /silent HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await send(`${request}${request}nonsense\r\n\r\n`)).toBe('')
  })
})

it('survives clients that go away in the middle of refusals to many requests on one connection', async () => {
  const refused = `POST / HTTP/1.1\r\nContent-Length: 271\r\n\r\n${'x'.repeat(271)}`
  for (let round = 0; round < 100; round++) {
    const { socket } = rawClient(port, refused.repeat(2 + (round % 6)))
    await once(socket, 'connect')
    for (let turn = 0; turn < round % 20; turn++) await new Promise(setImmediate)
    socket.resetAndDestroy()
  }
  expect(await send('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('token of 0')
})
