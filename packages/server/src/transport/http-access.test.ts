import { request as plainRequest } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { firstMessage, initialize, startSampleServer } from './test/sample-server.js'

const tenants = Array.from({ length: 40 }, (_, index) => `tenant-${index}`)

type SampleServer = Awaited<ReturnType<typeof startSampleServer>>
let server: SampleServer
beforeAll(async () => {
  server = await startSampleServer(['ada-token', 'grace-token', ...tenants])
})
afterAll(() => server.close())
beforeEach(() => {
  server.registry.isDown = false
  server.made.splice(0)
  server.log.lines.splice(0)
})

describe('tokens', () => {
  it.each([
    ['none', ''],
    ['a bad one', 'mallory-token'],
  ])('answers 401 with a challenge and the reason for %s', async (_what, token) => {
    const response = await server.post(initialize, { token })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toMatch(/^Bearer realm="quilt-mcp"/)
    expect(await response.json()).toMatchObject({
      error: { code: 'unauthenticated', message: expect.any(String), hint: expect.any(String) },
    })
  })

  it('answers 503, not 401, when the registry does not say whether a token is good', async () => {
    server.registry.isDown = true
    const response = await server.post(initialize, { token: 'new-token' })
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ error: { code: 'upstream', retryable: true } })
  })

  it('refuses a request with two tokens', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = [
        'Authorization',
        'Bearer ada-token',
        'Authorization',
        'Bearer grace-token',
        'Host',
        new URL(server.url).host,
      ]
      plainRequest(`${server.url}/mcp`, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end('{}')
    })
    expect(status).toBe(401)
  })

  it('makes one backend for a token, and a new one after the token was refused', async () => {
    const call = (how: string) =>
      server.post(
        { id: '1', method: 'tools/call', params: { name: 'fail', arguments: { how } } },
        { token: 'grace-token' },
      )
    for (const how of ['known', 'known', 'token', 'known']) await firstMessage(await call(how))
    expect(server.made).toEqual(['grace-token', 'grace-token'])
  })

  it('tells callers apart in the log without their tokens', async () => {
    for (const token of ['ada-token', 'grace-token']) {
      await firstMessage(
        await server.post(
          { id: '1', method: 'tools/call', params: { name: 'quote', arguments: { text: 'private' } } },
          { token },
        ),
      )
    }
    const principals = server.log.lines.map(({ principal }) => principal)
    expect(principals).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), expect.stringMatching(/^[0-9a-f]{12}$/)])
    expect(new Set(principals).size).toBe(2)
    expect(JSON.stringify(server.log.lines)).not.toMatch(/ada-token|grace-token|private/)
  })

  it('signs confirmations for one caller: another cannot use them', async () => {
    const wipe = (args: object, token: string) =>
      server
        .post(
          { id: '1', method: 'tools/call', params: { name: 'wipe', arguments: { thing: 'x', ...args } } },
          { token },
        )
        .then(firstMessage)
    const confirm = /\\?"confirm\\?":\\?"([^"\\]+)/.exec(JSON.stringify(await wipe({}, 'ada-token')))?.[1]
    expect(await wipe({ confirm }, 'grace-token')).toMatchObject({ result: { isError: true } })
    expect(await wipe({ confirm }, 'ada-token')).toMatchObject({ result: { structuredContent: { wiped: 'x' } } })
  })
})

it('serves interleaved tenants, each as itself', async () => {
  const read = { id: '1', method: 'resources/read', params: { uri: 'quilt-platform://me' } }
  const asked = Array.from({ length: 400 }, (_, index) => tenants[(index * 7) % tenants.length] ?? '')
  const answers = await Promise.all(asked.map(async (token) => firstMessage(await server.post(read, { token }))))
  const texts = answers.map((answer) => /"text":"([^"]*)"/.exec(JSON.stringify(answer))?.[1])
  expect(texts).toEqual(asked.map((token) => `I am ${token}`))
  expect(server.made.toSorted()).toEqual(tenants.toSorted())
})

describe('web pages', () => {
  const origin = 'https://catalog.example.com'

  it('answers the preflight of an allowed page with every header a client sends', async () => {
    const wanted =
      'authorization,content-type,accept,mcp-protocol-version,mcp-session-id,mcp-method,mcp-name,mcp-param-bucket'
    const response = await fetch(`${server.url}/mcp`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': wanted },
    })
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([204, origin])
    const allowed = response.headers.get('Access-Control-Allow-Headers')?.toLowerCase().split(', ')
    expect(allowed).toEqual(expect.arrayContaining(wanted.split(',')))
  })

  it.each([200, 401, 503, 405])('sees an answer of status %d', async (status) => {
    server.registry.isDown = status === 503
    const headers = { Origin: origin }
    const response =
      status === 405
        ? await fetch(`${server.url}/mcp`, { headers })
        : await server.post(initialize, { headers, token: { 200: 'ada-token', 401: 'x', 503: 'unknown' }[status] })
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([status, origin])
  })

  it.each([
    'https://evil.example.com',
    'null',
    'https://localhost.evil.example.com',
    'https://catalog.example.com.evil.com',
  ])('refuses the page %s', async (foreign) => {
    const response = await server.post(initialize, { headers: { Origin: foreign } })
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
  })

  it.each([
    'http://localhost:3000',
    'http://127.0.0.1:1234',
    'http://[::1]:5000',
  ])('allows the page of this machine %s', async (local) => {
    expect((await server.post(initialize, { headers: { Origin: local } })).status).toBe(200)
  })

  it.each([
    '/healthz',
    '/readyz',
  ])('answers a load balancer that asks for %s by address, and no page that was led here', async (path) => {
    const asked = (method: string) =>
      new Promise((resolve, reject) => {
        plainRequest(`${server.url}${path}`, { method, headers: { Host: '10.0.0.7:8000' } }, ({ statusCode }) =>
          resolve(statusCode),
        )
          .on('error', reject)
          .end()
      })
    expect([await asked('GET'), await asked('POST')]).toEqual([200, 403])
  })

  it('refuses a foreign host name that points to this machine', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: 'evil.example.com', Authorization: 'Bearer ada-token' }
      plainRequest(`${server.url}/mcp`, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end('{}')
    })
    expect(status).toBe(403)
  })
})
