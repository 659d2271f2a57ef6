import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cutOff, faultServer, hangUp, json, silence, text } from '../test/fault-server.js'
import { readText } from './body.js'
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from './client.js'

function client(options: HttpClientOptions = {}): HttpClient {
  const http = createHttpClient({ pauseMs: 1, ...options })
  onTestFinished(() => http.close())
  return http
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: new URL(url),
  kind: 'quick',
  idempotent: true,
  peer: 'the test server',
  ...more,
})

const failure = async (promise: Promise<unknown>): Promise<QuiltError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof QuiltError) return error
  throw new Error('not refused', { cause: error })
}

describe('HTTP client', () => {
  it.each([429, 502, 503, 504])('repeats an idempotent call after %i and returns the good answer', async (status) => {
    const server = await faultServer(text('busy', status), text('fine'))
    const answer = await client().send(get(server.url))
    expect([answer.status, await readText(answer, { maxBytes: 100, peer: 'it' })]).toEqual([200, 'fine'])
    expect(server.requests).toHaveLength(2)
  })

  it('repeats an idempotent call when the connection is lost', async () => {
    const server = await faultServer(hangUp, text('fine'))
    expect((await client().send(get(server.url))).status).toBe(200)
  })

  it('gives up after three tries and returns the last answer', async () => {
    const server = await faultServer(text('busy', 503))
    expect((await client().send(get(server.url))).status).toBe(503)
    expect(server.requests).toHaveLength(3)
  })

  it.each([
    ['a bad status', text('busy', 503)],
    ['a lost connection', hangUp],
  ])('sends a call that is not idempotent once, also after %s', async (_fault, fault) => {
    const server = await faultServer(fault)
    await client()
      .send(get(server.url, { method: 'POST', body: '{}', idempotent: false }))
      .catch(() => undefined)
    expect(server.requests).toHaveLength(1)
  })

  it('does not repeat a plain failure', async () => {
    const server = await faultServer(text('broken', 500))
    expect((await client().send(get(server.url))).status).toBe(500)
    expect(server.requests).toHaveLength(1)
  })

  it('hands a long Retry-After to the caller instead of waiting', async () => {
    const server = await faultServer(text('slow down', 429, { 'retry-after': '120' }))
    expect((await client().send(get(server.url))).headers['retry-after']).toBe('120')
    expect(server.requests).toHaveLength(1)
  })

  it('ends a silent call by its kind with timeout', async () => {
    const server = await faultServer(silence)
    const error = await failure(client({ timeoutsMs: { quick: 50 } }).send(get(server.url)))
    expect([error.code, error.message]).toEqual(['timeout', 'No answer from the test server within 1 s'])
  })

  it('ends a body that drips too slowly with timeout', async () => {
    const server = await faultServer((_request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 10)
      response.on('close', () => clearInterval(drip))
    })
    const answer = await client({ timeoutsMs: { quick: 80 } }).send(get(server.url))
    expect((await failure(readText(answer, { maxBytes: 1_000, peer: 'it' }))).code).toBe('timeout')
  })

  it('lives on when the caller aborts before reading the body, and tells the one who then reads', async () => {
    const server = await faultServer((_request, response) => {
      response.writeHead(200)
      response.write('first')
    })
    const controller = new AbortController()
    const reason = new Error('the user left')
    const answer = await client().send(get(server.url, { signal: controller.signal }))
    controller.abort(reason)
    await new Promise((resolve) => setImmediate(resolve))
    await expect(readText(answer, { maxBytes: 100, peer: 'it' })).rejects.toBe(reason)
  })

  it('rejects with the reason of the caller who aborts, while waiting and between tries', async () => {
    const silent = await faultServer(silence)
    const controller = new AbortController()
    const reason = new Error('the user left')
    const waiting = client().send(get(silent.url, { signal: controller.signal }))
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    const busy = await faultServer(text('busy', 503))
    const later = new AbortController()
    const pausing = client({ pauseMs: 60_000 }).send(get(busy.url, { signal: later.signal }))
    setTimeout(() => later.abort(reason), 50)
    await expect(pausing).rejects.toBe(reason)
  })

  it('names a refused connection as upstream, with a hint', async () => {
    const error = await failure(client().send(get('http://127.0.0.1:1')))
    expect([error.code, error.message]).toEqual(['upstream', 'The connection to the test server failed (ECONNREFUSED)'])
    expect(error.hint).toContain('Nothing listens there')
  })

  it('notices a body that ends before its length', async () => {
    const server = await faultServer(cutOff('{"data":'))
    const answer = await client().send(get(server.url))
    expect((await failure(readText(answer, { maxBytes: 1_000, peer: 'it' }))).code).toBe('upstream')
  })

  it('stops reading a text above its limit', async () => {
    const server = await faultServer(text('x'.repeat(10_000)))
    const error = await failure(
      readText(await client().send(get(server.url)), { maxBytes: 100, peer: 'the test server' }),
    )
    expect([error.code, error.retryable, error.message]).toEqual([
      'upstream',
      false,
      'The answer of the test server is larger than 100 bytes',
    ])
  })

  it('sends a raw path as it is', async () => {
    const server = await faultServer(json({}))
    await (await client().send(get(server.url, { rawPath: '/b/a/../c//%2E?x=1' }))).discard()
    expect(server.requests).toEqual(['GET /b/a/../c//%2E?x=1'])
  })

  it('goes straight to loopback even when the environment names a proxy', async () => {
    const proxy = await faultServer(text('from the proxy'))
    const server = await faultServer(text('direct'))
    const before = process.env.HTTP_PROXY
    process.env.HTTP_PROXY = proxy.url
    onTestFinished(() => {
      if (before === undefined) delete process.env.HTTP_PROXY
      else process.env.HTTP_PROXY = before
    })
    const answer = await client().send(get(server.url))
    expect(await readText(answer, { maxBytes: 100, peer: 'it' })).toBe('direct')
    expect(proxy.requests).toEqual([])
  })
})
