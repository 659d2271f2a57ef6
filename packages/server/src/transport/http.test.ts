import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startHttp } from './http.js'
import { firstMessage, initialize, startSampleServer } from './test/sample-server.js'

type SampleServer = Awaited<ReturnType<typeof startSampleServer>>
let server: SampleServer
beforeAll(async () => {
  server = await startSampleServer(['ada-token'])
})
afterAll(() => server.close())
afterEach(() => {
  server.registry.isDown = false
})

describe('MCP over HTTP, as the web catalog speaks it', () => {
  it('answers initialize, 202 to initialized, then tools/list and ping without params', async () => {
    expect(await firstMessage(await server.post(initialize))).toMatchObject({
      jsonrpc: '2.0',
      id: 'uuid-1',
      result: { protocolVersion: '2025-06-18' },
    })
    const initialized = await server.post({ method: 'notifications/initialized' })
    expect([initialized.status, await initialized.text()]).toEqual([202, ''])
    const list = await firstMessage(await server.post({ id: 'uuid-2', method: 'tools/list' }))
    expect(list).toMatchObject({
      id: 'uuid-2',
      result: { tools: [{ name: 'fail' }, { name: 'object_info' }, { name: 'quote' }, { name: 'wipe' }] },
    })
    expect(await firstMessage(await server.post({ id: 'uuid-3', method: 'ping' }))).toEqual({
      jsonrpc: '2.0',
      id: 'uuid-3',
      result: {},
    })
  })

  it('lists the hosted names on the hosted path', async () => {
    const list = await firstMessage(await server.post({ id: '1', method: 'tools/list' }, { path: '/mcp/platform/mcp' }))
    expect(list).toMatchObject({
      result: { tools: [{ name: 'fail' }, { name: 'quote' }, { name: 's3_object_info' }, { name: 'wipe' }] },
    })
  })

  it('sends nothing before the result', async () => {
    const message = await firstMessage(
      await server.post({ id: '1', method: 'tools/call', params: { name: 'object_info', arguments: {} } }),
    )
    expect(message).toMatchObject({ id: '1', result: { content: [{ type: 'text', text: '{}' }] } })
  })

  it.each(['GET', 'DELETE', 'PUT'])('answers 405 to %s', async (method) => {
    const response = await fetch(`${server.url}/mcp`, { method, headers: { Authorization: 'Bearer ada-token' } })
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})

describe('operations', () => {
  it('is healthy, and ready when its registry is known', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' })
    server.registry.isDown = true
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  })

  it('says where MCP is on any other path', async () => {
    const response = await fetch(`${server.url}/`)
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { error: { hint: 'MCP is served at /mcp and /mcp/platform/mcp.' } },
    ])
  })

  it('refuses a body above 16 MiB', async () => {
    const response = await server.post({
      id: '1',
      method: 'tools/call',
      params: { name: 'quote', arguments: { text: 'x'.repeat(17 * 1024 * 1024) } },
    })
    expect([response.status, await response.json()]).toMatchObject([
      413,
      { error: { message: expect.stringContaining('16777216 bytes') } },
    ])
  })

  it('refuses a port that is taken, in words', async () => {
    const port = Number(new URL(server.url).port)
    await expect(startHttp(server.deps, { ...server.options, port })).rejects.toMatchObject({
      code: 'unsupported',
      message: `cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
    })
  })
})

describe.each(['2026-07-28', '2025-06-18'])('the official client over HTTP, %s', (era) => {
  const connected = async (elicits = false) => {
    const client = new Client(
      { name: 'test', version: '1' },
      {
        versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
        ...(elicits && { capabilities: { elicitation: { form: {} } } }),
      },
    )
    if (elicits)
      client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }))
    const authProvider = { token: () => Promise.resolve('ada-token') }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { authProvider }))
    return client
  }

  it('lists and calls tools, with progress', async () => {
    const client = await connected()
    expect((await client.listTools()).tools).toHaveLength(4)
    const seen: number[] = []
    expect(
      (await client.callTool({ name: 'object_info' }, { onprogress: ({ progress }) => seen.push(progress) }))
        .structuredContent,
    ).toEqual({})
    expect(seen).toEqual([1, 2])
    await client.close()
  })

  it('confirms: by asking the user in 2026, by a token in 2025, where a stateless server cannot ask', async () => {
    const client = await connected(true)
    const { structuredContent } = await client.callTool({ name: 'wipe', arguments: { thing: 'x' } })
    expect(structuredContent).toMatchObject(era === '2026-07-28' ? { wiped: 'x' } : { error: { code: 'conflict' } })
    await client.close()
  })
})
