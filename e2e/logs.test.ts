// Canaries go in by every door of the servers, good and bad; none may come out in a log, which is kept at debug all the while.
// What this file plants is looked for in the logs of the whole run as well (canary-check.ts).
import { randomBytes } from 'node:crypto'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Canary, type CanaryKind, leaksIn, plant } from './canaries.js'
import { connectHttp, connectStdio } from './clients.js'
import { type FaultProxy, faultProxy } from './fault-proxy.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type World } from './world.js'

const canaries: Canary[] = []

/** A text of its own for each place. */
function canary(kind: CanaryKind, value = `canary-${randomBytes(12).toString('hex')}`): string {
  canaries.push({ kind, value })
  return plant(kind, value)
}

let world: World
let registry: FaultProxy
let s3: FaultProxy
let server: HttpServer
let client: Client

beforeAll(async () => {
  world = await aWorld()
  for (const { user, apiKey, sessionToken } of [world.ada, world.grace]) {
    canary('user email', `${user}@example.com`)
    canary('API key', apiKey)
    canary('token', sessionToken)
  }
  registry = await faultProxy(world.stack.registryUrl)
  s3 = await faultProxy(world.stack.s3Endpoint)
  server = await serveHttp({
    ...settingsOf(world),
    QUILT_REGISTRY_URL: registry.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    QUILT_MCP_JWT_SECRET: canary('JWT secret', randomBytes(32).toString('hex')),
    // Of the process, and of no request: not used, not shown.
    QUILT_API_KEY: canary('API key', `qk_${randomBytes(20).toString('hex')}`),
    AWS_ACCESS_KEY_ID: canary('setting', `AKIA${randomBytes(8).toString('hex').toUpperCase()}`),
    AWS_SECRET_ACCESS_KEY: canary('AWS secret key', randomBytes(30).toString('base64')),
  })
  client = await connectHttp(`${server.origin}/mcp`, world.ada.apiKey)
})
afterAll(async () => {
  await client.close()
  await server.stop()
  await Promise.all([registry.close(), s3.close()])
  await world.close()
})

/** A call, however it ends. */
const tried = (name: string, args: Record<string, unknown>, by: Client = client): Promise<unknown> =>
  by.callTool({ name, arguments: args })

interface Line {
  readonly msg: string
  readonly [field: string]: unknown
}
const linesOf = (log: string): readonly Line[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

const data = { bucket: 'lab-a', package: 'canary/data' }

describe('no log tells', () => {
  it('what calls write and read: messages, metadata, texts, keys, links', async () => {
    const key = canary('tool argument')
    await tried('package_create', {
      ...data,
      message: canary('package message'),
      metadata: { note: canary('metadata value') },
      entries: [{ logical_key: `${key}.txt`, text: canary('object text'), metadata: { n: canary('metadata value') } }],
    })
    await tried('object_put', { bucket: data.bucket, key: `${key}/put.txt`, text: canary('object text') })
    await tried('package_browse', data)
    await tried('package_revisions', data)
    await tried('package_list', { bucket: data.bucket, filter: canary('tool argument') })
    await tried('bucket_objects_list', { bucket: data.bucket, prefix: key })
    await tried('object_read', { uri: `quilt+s3://lab-a#package=canary/data&path=${key}.txt` })
    await tried('package_update', { ...data, message: canary('package message'), remove: [`${key}.txt`] })
    await tried('package_delete', { ...data, revision: 'all' })
    const linked = await tried('object_link', { uri: `s3://lab-a/${key}/put.txt` })
    const query = new URL(/http[^"\\]+X-Amz-Signature=[^"\\]+/.exec(JSON.stringify(linked))?.[0] ?? '').searchParams
    canary('presigned signature', query.get('X-Amz-Signature') ?? '')
    canary('AWS session token', query.get('X-Amz-Security-Token') ?? '')
  })

  it('what a client makes up: names of tools, arguments, resources, buckets', async () => {
    await tried(canary('tool argument'), {})
    await tried('object_read', { [canary('tool argument')]: 1 })
    await tried('object_read', { uri: canary('tool argument') })
    await tried('object_info', { uri: `s3://${canary('tool argument')}/${canary('tool argument')}` })
    await tried('package_list', { bucket: canary('tool argument'), cursor: canary('tool argument') })
    await tried('package_delete', { ...data, revision: 'all', confirm: canary('tool argument') })
    await client.readResource({ uri: `quilt-platform://${canary('tool argument')}` }).catch(() => {})
  })

  it('what bad requests hold: tokens, headers, queries, bodies', async () => {
    const post = async (headers: Record<string, string>, body: string, query = '') =>
      (
        await fetch(`${server.origin}/mcp${query}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
          body,
        })
      ).arrayBuffer()
    const good = { authorization: `Bearer ${world.ada.apiKey}` }
    const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const jwt = [{ alg: 'HS256' }, { sub: canary('user email', 'canary@example.com') }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    await post({ authorization: `Bearer ${canary('token')}` }, list)
    await post({ authorization: `Bearer qk_${canary('API key')}` }, list)
    await post({ authorization: `Bearer ${jwt}.${canary('token')}` }, list)
    await post({ authorization: `Basic ${canary('token')}` }, list)
    await post({}, list, `?access_token=${canary('token')}`)
    await post({ ...good, 'x-request-id': canary('token') }, list)
    await post({ ...good, 'x-quilt-catalog-url': `https://${canary('tool argument')}.example.com` }, list)
    await post({ ...good, 'x-quilt-user-role': canary('tool argument') }, list)
    await post({ ...good, 'mcp-protocol-version': canary('tool argument') }, list)
    await post({ ...good, 'content-type': `text/${canary('tool argument')}` }, list)
    await post(good, `{"jsonrpc":"2.0","id":1,"method":"${canary('tool argument')}"}`)
    await post(
      good,
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5,"x":"${canary('tool argument')}"}}`,
    )
    await post(good, `{"broken ${canary('tool argument')}`)
    await fetch(`${server.origin}/${canary('tool argument')}`)
  })

  it.each([
    ['registry', 500],
    ['registry', 404],
    ['registry', 200],
    ['S3', 500],
    ['S3', 403],
  ] as const)('what the %s says when it fails with %i', async (who, status) => {
    const said = canary('upstream text')
    const json = `{"message":"${said}","errors":[{"message":"${said}","path":["${said}"]}]}`
    const xml = `<Error><Code>${said}</Code><Message>${said}</Message><Key>${said}</Key></Error>`
    if (who === 'registry') registry.play({ kind: 'status', status, body: json })
    else s3.play({ kind: 'status', status, body: xml, contentType: 'application/xml' })
    await tried('bucket_list', {})
    await tried('package_browse', { ...data, package: 'canary/other' })
    await tried('object_put', { bucket: data.bucket, key: canary('tool argument'), text: canary('object text') })
    await tried('object_read', { uri: `s3://lab-a/${canary('tool argument')}` })
    await client.readResource({ uri: 'quilt-platform://me' }).catch(() => {})
    registry.play(undefined)
    s3.play(undefined)
  })

  it('which AWS credentials are used, when they work and when they do not', async () => {
    const { apiKey } = world.grace
    const answer = await fetch(`${world.stack.registryUrl}/api/auth/get_credentials`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    const working = (await answer.json()) as { SecretAccessKey: string; SessionToken: string }
    const wrong = {
      ...working,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(48).toString('base64'),
    }
    for (const [credentials, token] of [
      [working, apiKey],
      [wrong, world.grace.sessionToken],
    ] as const) {
      canary('AWS secret key', credentials.SecretAccessKey)
      canary('AWS session token', credentials.SessionToken)
      registry.play({ kind: 'status', status: 200, body: JSON.stringify(credentials) }, (path) =>
        path.includes('get_credentials'),
      )
      const grace = await connectHttp(`${server.origin}/mcp`, token)
      await tried('bucket_objects_list', { bucket: 'lab-b' }, grace)
      await tried('object_put', { bucket: 'lab-b', key: canary('tool argument'), text: 'x' }, grace)
      await grace.close()
    }
    registry.play(undefined)
  })

  it('wrong settings, over stdio', async () => {
    const stdio = await connectStdio({
      ...settingsOf(world),
      QUILT_CATALOG_URL: canary('setting'),
      QUILT_MCP_CONFIG: `/nowhere/${canary('setting')}.yaml`,
      QUILT_API_KEY: canary('API key', `qk_${randomBytes(20).toString('hex')}`),
    })
    await tried('bucket_list', {}, stdio)
    await tried(canary('tool argument'), {}, stdio)
    await stdio.close()
  })
})

describe('the log of all this', () => {
  it('holds none of the canaries', () => {
    expect(canaries.length).toBeGreaterThan(60)
    expect(leaksIn(server.log(), canaries)).toEqual([])
  })

  it('has one line for each call: which tool, which backend, how long, how it ended, for whom', () => {
    const calls = linesOf(server.log()).filter(({ msg }) => msg === 'tool call')
    expect(calls.length).toBeGreaterThan(35)
    for (const { level: _level, time: _time, backend, ...facts } of calls) {
      expect(facts).toEqual({
        tool: expect.stringMatching(/^(?:[a-z_]+|<unknown>)$/),
        ms: expect.any(Number),
        outcome: expect.stringMatching(/^[a-z_ ]+$/),
        requestId: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
        principal: expect.stringMatching(/^[0-9a-f]{12}$/),
        msg: 'tool call',
      })
      expect(['platform', undefined]).toContain(backend)
    }
    expect(new Set(calls.map(({ principal }) => principal)).size).toBeGreaterThan(1)
  })

  it('knows every call by an id of its own', () => {
    const ids = linesOf(server.log()).flatMap(({ msg, requestId }) => (msg === 'tool call' ? [requestId] : []))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('leaves out nothing that it was given: call sites give what a log may show', () => {
    expect(linesOf(server.log()).filter(({ dropped }) => dropped !== undefined)).toEqual([])
  })
})
