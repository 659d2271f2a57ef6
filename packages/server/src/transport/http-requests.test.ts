// Requests that no client of ours sends: each gets a status and a sentence that says what is wrong.
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSampleServer } from './test/sample-server.js'

type SampleServer = Awaited<ReturnType<typeof startSampleServer>>
let server: SampleServer
beforeAll(async () => {
  server = await startSampleServer(['ada-token', 'grace-token'])
})
afterAll(() => server.close())

interface Answer {
  readonly status: number | undefined
  readonly body: unknown
}

/** The JSON body, or every event of a stream. */
async function answerOf(response: IncomingMessage): Promise<Answer> {
  const body = await text(response)
  const events = [...body.matchAll(/^data: (.*)$/gm)].map(([, data]): unknown => JSON.parse(data ?? ''))
  return { status: response.statusCode, body: events.length > 0 ? events : JSON.parse(body) }
}

/** Sends exactly these headers; a list of values sends the header as often. */
const send = (
  body: string,
  { headers = {}, path = '/mcp' }: { headers?: Record<string, string | string[]>; path?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const all = {
      Authorization: 'Bearer ada-token',
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    }
    const request = plainRequest(
      `${server.url}${path}`,
      { method: 'POST', headers: all, joinDuplicateHeaders: false },
      (response) => void answerOf(response).then(resolve, reject),
    )
    request.on('error', reject)
    request.end(body)
  })

const ping = (id: string) => ({ jsonrpc: '2.0', id, method: 'ping' })

describe('the HTTP server', () => {
  it('answers every request of a batch, which the clients of 2025-03-26 may send', async () => {
    const { status, body } = await send(JSON.stringify([ping('a'), ping('b')]))
    expect([status, body]).toEqual([
      200,
      [
        { jsonrpc: '2.0', id: 'a', result: {} },
        { jsonrpc: '2.0', id: 'b', result: {} },
      ],
    ])
  })

  it.each([
    ['an empty batch', '[]', 400, /empty JSON-RPC batch/],
    ['a batch with something that is no message', '[1]', 400, /invalid message/],
    [
      'a batch of a thousand',
      JSON.stringify(Array.from({ length: 1000 }, (_, at) => ping(`${at}`))),
      400,
      /must not exceed/,
    ],
    ['no JSON', '{', 400, /Parse error/],
    ['JSON that is no message', '{"a":1}', 400, /./],
  ])('refuses %s with a sentence', async (_what, text, status, sentence) => {
    expect(await send(text)).toEqual({
      status,
      body: { jsonrpc: '2.0', id: null, error: { code: expect.any(Number), message: expect.stringMatching(sentence) } },
    })
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    '',
  ])('refuses the content type %j with 415 and the one it takes', async (type) => {
    const { status, body } = await send(JSON.stringify(ping('a')), { headers: { 'Content-Type': type } })
    expect([status, body]).toMatchObject([415, { error: { message: expect.stringContaining('application/json') } }])
  })

  it('refuses two Authorization headers, also when they are the same', async () => {
    for (const second of ['ada', 'grace']) {
      const headers = { Authorization: ['Bearer ada-token', `Bearer ${second}-token`] }
      expect(await send(JSON.stringify(ping('a')), { headers })).toMatchObject({
        status: 401,
        body: { error: { code: 'unauthenticated', message: 'the request carries more than one Authorization header' } },
      })
    }
  })

  it.each([
    'access_token',
    'token',
    'authorization',
  ])('takes no token from the query (%s), and does not repeat it', async (name) => {
    server.log.lines.splice(0)
    const answer = await new Promise<Answer>((resolve, reject) => {
      plainRequest(`${server.url}/mcp?${name}=grace-token`, { method: 'POST' }, (response) => {
        answerOf(response).then(resolve, reject)
      })
        .on('error', reject)
        .end('{}')
    })
    expect(answer).toMatchObject({
      status: 401,
      body: {
        error: { message: 'the request carries no token', hint: expect.stringContaining('Authorization: Bearer') },
      },
    })
    expect(JSON.stringify([answer, server.log.lines])).not.toContain('grace-token')
  })

  it('serves the header’s caller, whatever the query says', async () => {
    const read = { jsonrpc: '2.0', id: '1', method: 'resources/read', params: { uri: 'quilt-platform://me' } }
    const { body } = await send(JSON.stringify(read), { path: '/mcp?access_token=grace-token' })
    expect(JSON.stringify(body)).toContain('I am ada-token')
  })
})
