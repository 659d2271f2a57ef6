// The web catalog's assistant on the hosted server's path, from another origin, in a browser that checks: what it does, and what it is told
// when something is wrong. An error that its page may not read is a network failure to it, and counts against the server's health.
import { platformBackend } from '@quilt-mcp/backends'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pageFetch, type SeenAnswer } from './browser.js'
import { catalogClient, resourceList, resourceText, toolList, toolResult } from './catalog-client.js'
import { type FaultProxy, faultProxy } from './fault-proxy.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

const catalogOrigin = 'https://catalog.example.com'
const path = '/mcp/platform/mcp'
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

let world: World
let registry: FaultProxy
let server: HttpServer
/** The same with the least of everything. */
let narrow: HttpServer

beforeAll(async () => {
  world = await aWorld()
  registry = await faultProxy(world.stack.registryUrl)
  const settings = {
    ...settingsOf(world),
    QUILT_REGISTRY_URL: registry.url,
    QUILT_MCP_ALLOWED_ORIGINS: catalogOrigin,
  }
  server = await serveHttp(settings)
  narrow = await serveHttp({ ...settings, QUILT_MCP_MAX_REQUEST_BYTES: '2000', QUILT_MCP_RATE_LIMIT: '3' })
})
afterEach(() => registry.play(undefined))
afterAll(async () => {
  await Promise.all([server.stop(), narrow.stop()])
  await registry.close()
  await world.close()
})

const clientOf = (token: string | undefined = world.ada.sessionToken, at: HttpServer = server) =>
  catalogClient(pageFetch(catalogOrigin), `${at.origin}${path}`, token)
const list = { jsonrpc: '2.0', id: '1', method: 'tools/list' }

describe("the web catalog's assistant", () => {
  it('starts: initialize, then initialized answered with 202 and no body', async () => {
    const client = clientOf()
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'quilt-catalog', version: '1' },
    }
    expect(await client.ask('initialize', params)).toHaveProperty('result')
    const answer = await client.post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([answer.status, answer.text]).toEqual([202, ''])
  })

  it('finds the tools in one page, the two that its prompt names among them, with nothing that is null', async () => {
    const client = clientOf()
    const { tools } = await client.result(toolList, 'tools/list')
    const names = tools.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['s3_object_info', 'object_read', 'package_patch']))
    expect(names).not.toContain('package_update')
    expect(tools.find(({ name }) => name === 'object_read')?.annotations?.readOnlyHint).toBe(true)
    const raw = await client.ask('tools/list')
    expect(raw).not.toHaveProperty('result.nextCursor')
    expect(JSON.stringify(raw)).not.toMatch(/:null/)
  })

  it('finds the resources in one page and reads those that it loads by itself, short enough to be inlined', async () => {
    const client = clientOf()
    const { resources } = await client.result(resourceList, 'resources/list')
    expect(JSON.stringify(await client.ask('resources/list'))).not.toMatch(/:null|nextCursor/)
    for (const uri of ['quilt-platform://search_syntax', 'quilt-platform://athena']) {
      expect(resources.map((resource) => resource.uri)).toContain(uri)
      const [{ text }] = (await client.result(resourceText, 'resources/read', { uri })).contents
      expect(text.length).toBeGreaterThan(50)
      expect(text.length).toBeLessThanOrEqual(16 * 1024)
    }
  })

  it('calls a tool: the structure is in the text, which is all that it reads', async () => {
    const result = await clientOf().result(toolResult, 'tools/call', { name: 'bucket_list', arguments: {} })
    expect(result.isError ?? false).toBe(false)
    expect(result.content).toEqual([{ type: 'text', text: expect.stringContaining('"lab-a"') as string }])
  })

  it('calls a tool by the hosted name, and is told the next ones in hosted names', async () => {
    const client = clientOf()
    const missing = { name: 's3_object_info', arguments: { uri: 's3://lab-a/no/such/key' } }
    const { isError, content } = await client.result(toolResult, 'tools/call', missing)
    expect(isError).toBe(true)
    const [text] = content
    const told: unknown = JSON.parse(text?.type === 'text' ? text.text : '')
    expect(told).toMatchObject({ error: { code: 'not_found', hint: expect.any(String) as string } })
  })

  it('sees a picture', async () => {
    const { stack, ada } = world
    const { objects } = platformBackend({
      registryUrl: stack.registryUrl,
      s3Endpoint: stack.s3Endpoint,
      token: ada.apiKey,
    })
    await objects.put({ bucket: 'lab-a', key: 'dot.png' }, Buffer.from(picture, 'base64'))
    const { content } = await clientOf().result(toolResult, 'tools/call', {
      name: 'object_read',
      arguments: { uri: 's3://lab-a/dot.png' },
    })
    expect(content).toContainEqual({ type: 'image', data: picture, mimeType: 'image/png' })
  })

  it('pings without params', async () => {
    expect(await clientOf().ask('ping')).toHaveProperty('result', {})
  })

  it.each([
    ['an unknown method', 'quilt/nothing', undefined],
    ['a call without a name', 'tools/call', {}],
    ['an unknown resource', 'resources/read', { uri: 'quilt-platform://nothing' }],
  ])('is told of %s in the envelope of its question', async (_, method, params) => {
    const answer = await clientOf().ask(method, params)
    expect(answer).toHaveProperty('error.code', expect.any(Number))
    expect(answer).toHaveProperty('error.message', expect.stringMatching(/./))
  })
})

describe("the assistant's page can read", () => {
  const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) })
  const told = ({ status, text }: SeenAnswer) => ({ status, code: errorBody.parse(JSON.parse(text)).error.code })

  it.each([
    ['no token', undefined],
    ['a token that nobody knows', 'not-a-token'],
    ['a key that nobody knows', 'qk_0000000000000000000000000000'],
  ])('401 with %s, and how to sign in', async (_, token) => {
    const answer = await catalogClient(pageFetch(catalogOrigin), `${server.origin}${path}`, token).post(list)
    expect(told(answer)).toEqual({ status: 401, code: 'unauthenticated' })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
  })

  it('403 for a role that is not its own', async () => {
    const answer = await clientOf().post(list, { headers: { 'X-Quilt-User-Role': 'analysts-b' } })
    expect(told(answer)).toEqual({ status: 403, code: 'forbidden' })
  })

  it('404 beside the endpoint', async () => {
    const client = catalogClient(pageFetch(catalogOrigin), `${server.origin}/mcp/platformm/mcp`, world.ada.apiKey)
    expect((await client.post(list)).status).toBe(404)
  })

  it('405 for GET, without waiting for events', async () => {
    const answer = await pageFetch(catalogOrigin)(`${server.origin}${path}`, {
      method: 'GET',
      headers: { Authorization: `Bearer ${world.ada.apiKey}`, Accept: 'text/event-stream' },
    })
    expect(answer.status).toBe(405)
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code: -32000 } })
  })

  it('400 for what is not JSON', async () => {
    const answer = await clientOf().post(list, { body: '{"jsonrpc":' })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: '2.0', error: { code: -32700 } })
  })

  it('413 for a body that is too long', async () => {
    const answer = await clientOf(world.grace.apiKey, narrow).post({ ...list, params: { x: 'x'.repeat(5000) } })
    expect(answer.status).toBe(413)
  })

  it('415 for another type of content', async () => {
    expect((await clientOf().post(list, { headers: { 'Content-Type': 'text/plain' } })).status).toBe(415)
  })

  it('429 when it asks too often, and when to ask again', async () => {
    const client = clientOf(world.ada.apiKey, narrow)
    const answers = await Promise.all(Array.from({ length: 40 }, () => client.post(list)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused && told(refused)).toEqual({ status: 429, code: 'rate_limited' })
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('503 while the registry cannot be asked, so that it does not throw its token away', async () => {
    registry.play({ kind: 'status', status: 500 })
    const fresh = await world.stack.admin.sessionToken('grace')
    const answer = await clientOf(fresh).post(list)
    expect(told(answer).status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    registry.play(undefined)
    expect((await clientOf(fresh).post(list)).status).toBe(200)
  })
})

describe('a page of an origin that nobody configured', () => {
  it.each([
    'https://evil.example.com',
    'https://catalog.example.com.evil.com',
    'http://catalog.example.com',
    'null',
  ])('gets nothing: %s', async (origin) => {
    const client = catalogClient(pageFetch(origin), `${server.origin}${path}`, world.ada.apiKey)
    await expect(client.post(list)).rejects.toThrow('Failed to fetch')
  })

  it('is not served either when it asks without a preflight', async () => {
    const answer = await fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.ada.apiKey}`, origin: 'https://evil.example.com' },
      body: JSON.stringify(list),
    })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(await answer.text()).not.toContain('object_read')
  })
})

describe('the answers to a page', () => {
  it('never allow cookies, and vary with the origin', async () => {
    const answer = await fetch(`${server.origin}${path}`, { method: 'OPTIONS', headers: { origin: catalogOrigin } })
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('vary')).toMatch(/origin/i)
  })
})
