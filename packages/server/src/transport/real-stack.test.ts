// The HTTP server before an embedded stack: keys that are revoked, backends that are closed while somebody reads.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { platformBackend } from '@quilt-mcp/backends'
import { type Stack, startStack } from '@quilt-mcp/stack'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { samplePrincipal } from '../auth/test/sample-principal.js'
import { loadConfig } from '../config/load.js'
import { keptLog } from '../mcp/test/sample-tools.js'
import { createBackendCache } from './backend-cache.js'
import { serveHttp } from './serve-http.js'
import { allCalls } from './test/all-calls.js'
import { firstMessage } from './test/sample-server.js'

let dataDir: string
let stack: Stack
const start = async (credentialExchange = true) => {
  stack = await startStack({ dataDir, credentialExchange })
  stack.admin.createBucket({ name: 'lab-a', browsable: true })
  stack.admin.createRole({ name: 'writer', permissions: { 'lab-a': 'READ_WRITE' } })
  stack.admin.createUser({ name: 'ada', email: 'ada@example.com', role: 'writer' })
}
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quilt-http-'))
  await start()
})
afterEach(async () => {
  await stack.close()
  await rm(dataDir, { recursive: true, force: true })
})

it('fails the calls of a revoked key as unauthenticated with a way out, then refuses it with 401', async () => {
  const log = keptLog()
  const config = loadConfig({ registryUrl: stack.registryUrl, s3Endpoint: stack.s3Endpoint, port: '0' }, {})
  const server = await serveHttp(config, allCalls(log))
  const [key, other] = [stack.admin.apiKey('ada'), stack.admin.apiKey('ada', { name: 'other' })]
  const post = (method: string, params: object, token = key) =>
    fetch(`${server.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2025-06-18',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  const call = (token?: string) => post('tools/call', { name: 'bucket_list', arguments: {} }, token)
  try {
    expect(await firstMessage(await call())).toMatchObject({
      result: { structuredContent: { buckets: [{ name: 'lab-a' }] } },
    })
    await fetch(`${stack.registryUrl}/graphql`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${other}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        query: 'mutation ($secret: String) { apiKeyRevoke(secret: $secret) { __typename } }',
        variables: { secret: key },
      }),
    })
    const within = await call()
    expect([within.status, await firstMessage(within)]).toMatchObject([
      200,
      {
        result: { isError: true, structuredContent: { error: { code: 'unauthenticated', hint: expect.any(String) } } },
      },
    ])
    const after = await call()
    expect([after.status, await after.json()]).toMatchObject([
      401,
      { error: { code: 'unauthenticated', hint: expect.any(String) } },
    ])
    expect((await call(other)).status).toBe(200)
    expect(JSON.stringify(log.lines)).not.toContain(key)
  } finally {
    await server.close()
  }
})

it('acts in the role that the user switched to elsewhere, a minute later at most', async () => {
  // Before the server is made, which keeps the clock that it is given.
  vi.useFakeTimers({ toFake: ['Date'] })
  stack.admin.createBucket({ name: 'lab-b', browsable: true })
  stack.admin.createRole({ name: 'reader', permissions: { 'lab-b': 'READ' } })
  stack.admin.createUser({ name: 'joan', email: 'joan@example.com', role: 'writer', extraRoles: ['reader'] })
  const key = stack.admin.apiKey('joan')
  const log = keptLog()
  const config = loadConfig({ registryUrl: stack.registryUrl, s3Endpoint: stack.s3Endpoint, port: '0' }, {})
  const server = await serveHttp(config, allCalls(log))
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2025-06-18',
  }
  const list = async (bucket: string) => {
    const params = { name: 'bucket_objects_list', arguments: { bucket } }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
    const answer = await firstMessage(await fetch(`${server.url}/mcp`, { method: 'POST', headers, body }))
    return /"code":"(\w+)"/.exec(JSON.stringify(answer))?.[1] ?? 'served'
  }
  try {
    expect([await list('lab-a'), await list('lab-b')]).toEqual(['served', 'forbidden'])
    await fetch(`${stack.registryUrl}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: 'mutation { switchRole(roleName: "reader") { __typename } }' }),
    })
    vi.setSystemTime(Date.now() + 61_000)
    expect([await list('lab-a'), await list('lab-b')]).toEqual(['forbidden', 'served'])
  } finally {
    vi.useRealTimers()
    await server.close()
  }
})

it('lets a read go on whose backend is closed meanwhile', async () => {
  const make = (token: string) =>
    Promise.resolve(platformBackend({ registryUrl: stack.registryUrl, s3Endpoint: stack.s3Endpoint, token }))
  const writer = await make(stack.admin.apiKey('ada'))
  const { versionId } = await writer.objects.put({ bucket: 'lab-a', key: 'a.txt' }, Buffer.alloc(4_000_000, 'a'))
  const { revision } = await writer.packages.push({
    bucket: 'lab-a',
    name: 'ada/data',
    message: 'first',
    entries: [{ logicalKey: 'a.txt', physicalKey: `s3://lab-a/a.txt?versionId=${versionId}` }],
  })
  await stack.close()
  await start(false)

  const principal = samplePrincipal(stack.admin.apiKey('ada'))
  const cache = createBackendCache((principal) => make(principal.token))
  const backend = await cache.get(principal)
  const reader = await backend.packages.open(revision)
  const { body } = await reader.read('a.txt')
  let size = 0
  for await (const chunk of body) {
    if (size === 0) {
      cache.drop(principal)
      await cache.close()
    }
    size += chunk.length
  }
  expect(size).toBe(4_000_000)
  // And what begins after the session was ended opens another.
  expect((await reader.read('a.txt', { range: { first: 0, last: 1 } })).range).toEqual({ first: 0, last: 1 })
  await backend.close()
})
