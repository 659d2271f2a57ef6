// The web catalog's own client, request by request as formats.md 12.2 describes it, on the hosted server's path.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

const catalogOrigin = 'https://catalog.example.com'

let world: World
let server: HttpServer

beforeAll(async () => {
  world = await aWorld()
  server = await serveHttp({ ...settingsOf(world), QUILT_MCP_ALLOWED_ORIGINS: catalogOrigin })
})
afterAll(async () => {
  await server.stop()
  await world.close()
})

/** One HTTP request of that client: no session, the revision on every message. */
function post(message: object, token: string = world.ada.sessionToken): Promise<Response> {
  return fetch(`${server.origin}/mcp/platform/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
      origin: catalogOrigin,
    },
    body: JSON.stringify(message),
  })
}

/** The JSON-RPC answer: the body, or of an event stream the first event with data, which is all that client parses. */
async function ask(method: string, params?: object): Promise<{ id: string; result: Record<string, unknown> }> {
  const id = randomUUID()
  const response = await post({ jsonrpc: '2.0', id, method, ...(params && { params }) })
  expect(response.status).toBe(200)
  expect(response.headers.get('access-control-allow-origin')).toBe(catalogOrigin)
  const text = await response.text()
  const data = response.headers.get('content-type')?.startsWith('text/event-stream')
    ? (/^data: ?(.*)$/m.exec(text)?.[1] ?? '')
    : text
  const answer = JSON.parse(data) as { id: string; result: Record<string, unknown> }
  expect(answer).toMatchObject({ jsonrpc: '2.0', id })
  return answer
}

describe("the web catalog's assistant", () => {
  it('gets its preflight answered for the headers it sends', async () => {
    const response = await fetch(`${server.origin}/mcp/platform/mcp`, {
      method: 'OPTIONS',
      headers: {
        origin: catalogOrigin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,mcp-protocol-version',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(catalogOrigin)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    for (const name of ['authorization', 'content-type', 'mcp-protocol-version']) {
      expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain(name)
    }
  })

  it('starts: initialize, then initialized answered with 202 and no body', async () => {
    await ask('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'quilt-catalog', version: '1' },
    })
    const response = await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect(response.status).toBe(202)
    expect(await response.text()).toBe('')
  })

  it('finds the two tools that its prompt names, and everything in one page', async () => {
    const { result } = await ask('tools/list')
    const names = (result.tools as { name: string }[]).map((tool) => tool.name)
    expect(names).toContain('s3_object_info')
    expect(names).toContain('object_read')
    expect(result).not.toHaveProperty('nextCursor')
  })

  it('reads the resources that it loads by itself, each short enough to be inlined', async () => {
    const { result } = await ask('resources/list')
    const uris = (result.resources as { uri: string }[]).map((resource) => resource.uri)
    for (const uri of ['quilt-platform://search_syntax', 'quilt-platform://athena']) {
      expect(uris).toContain(uri)
      const read = await ask('resources/read', { uri })
      const [content] = read.result.contents as { text: string }[]
      expect(content?.text.length).toBeGreaterThan(50)
      expect(content?.text.length).toBeLessThanOrEqual(16 * 1024)
    }
  })

  it('calls a tool and pings', async () => {
    const { result } = await ask('tools/call', { name: 'bucket_list', arguments: {} })
    expect(result.isError ?? false).toBe(false)
    expect(JSON.stringify(result.content)).toContain('lab-a')
    expect((await ask('ping')).result).toEqual({})
  })

  it('sees why it is refused, from its own origin', async () => {
    const response = await post({ jsonrpc: '2.0', id: '1', method: 'tools/list' }, 'not-a-token')
    expect(response.status).toBe(401)
    expect(response.headers.get('access-control-allow-origin')).toBe(catalogOrigin)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it('is not answered for an origin that nobody configured', async () => {
    const response = await fetch(`${server.origin}/mcp/platform/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.ada.apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        origin: 'https://evil.example.com',
      },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})
