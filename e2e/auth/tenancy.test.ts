// The auth table, fourth part: which tenant a good token reaches, and what of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AuthWorld, anAuthWorld, bearer, send, toolCall } from './auth-world.js'
import type { Claims } from './tokens.js'

let world: AuthWorld
const tokens = { home: { key: '', session: '' }, other: { key: '', session: '' } }
beforeAll(async () => {
  world = await anAuthWorld()
  // The same user at both, who sees another bucket at each.
  for (const at of ['home', 'other'] as const) {
    const { admin } = world[at].stack
    admin.createBucket({ name: `marker-of-${at}`, browsable: true })
    admin.createRole({ name: 'zoe', permissions: { [`marker-of-${at}`]: 'READ_WRITE' } })
    admin.createUser({ name: 'zoe', email: 'zoe@example.com', role: 'zoe' })
    tokens[at] = { key: admin.apiKey('zoe'), session: await admin.sessionToken('zoe') }
  }
  await send(world, bearer(world.home.ada.apiKey), {
    message: toolCall('object_put', { uri: 's3://lab-a/of.txt', text: 'marker-of-ada' }),
  })
})
afterAll(() => world.close())

const catalog = (url: string | undefined): Record<string, string> =>
  url === undefined ? {} : { 'X-Quilt-Catalog-URL': url }
const buckets = toolCall('bucket_list')
const read = toolCall('object_read', { uri: 's3://lab-a/of.txt' })
const marker = (at: string) => expect.stringContaining(`marker-of-${at}`)
const textIn = (body: unknown): string => JSON.stringify(body)

describe('two catalogs on one server', () => {
  it('serve each its own users, by key, by session and by platform token', async () => {
    const there = world.other.stack.registryUrl
    const answers = await Promise.all([
      send(world, bearer(tokens.home.key), { message: buckets }),
      send(world, bearer(tokens.home.session), { message: buckets }),
      send(world, bearer(world.token({ catalog_token: tokens.home.session })), { message: buckets }),
      send(world, { ...bearer(tokens.other.key), ...catalog(there) }, { message: buckets }),
      send(world, bearer(world.token({ catalog_url: there, catalog_token: tokens.other.session })), {
        message: buckets,
      }),
      send(world, bearer(world.token({ registry_url: there, catalog_token: tokens.other.session })), {
        message: buckets,
      }),
    ])
    expect(answers.map(({ body }) => textIn(body))).toEqual([
      ...Array.from({ length: 3 }, () => marker('home')),
      ...Array.from({ length: 3 }, () => marker('other')),
    ])
  })

  it.each<[string, () => string, string | undefined]>([
    ['a key of the one at the other', () => tokens.home.key, 'other'],
    ['a session of the one at the other', () => tokens.home.session, 'other'],
    ['a key of the other where no catalog is named', () => tokens.other.key, undefined],
  ])('refuse %s', async (_what, token, at) => {
    const headers = { ...bearer(token()), ...catalog(at === undefined ? undefined : world.other.stack.registryUrl) }
    expect(await send(world, headers, { message: buckets })).toMatchObject({ status: 401 })
  })

  it('give nothing to a platform token whose catalog token is of the other', async () => {
    const crossed = world.token({ catalog_url: world.other.stack.registryUrl, catalog_token: tokens.home.session })
    const { status, body } = await send(world, bearer(crossed), { message: buckets })
    expect(status).toBe(200)
    expect(body).toMatchObject({ result: { isError: true, structuredContent: { error: { code: 'unauthenticated' } } } })
    expect(textIn(body)).not.toContain('marker-of')
  })

  it.each([
    'https://evil.example.com',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1',
    'http://localhost:1',
    'http://[::1]:1',
    'file:///etc/passwd',
    'not an address',
  ])('are the only ones: a verified token that names %s is refused', async (catalog_url) => {
    expect(await send(world, bearer(world.token({ catalog_url })), { message: buckets })).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden' } },
    })
  })

  it('refuse a token that names a good catalog and a foreign registry', async () => {
    const mixed = world.token({ catalog_url: world.other.stack.registryUrl, registry_url: 'https://evil.example.com' })
    expect((await send(world, bearer(mixed), { message: buckets })).status).toBe(403)
  })
})

describe('a token that lists its rights', () => {
  const call = async (rights: Claims, message: object) =>
    (await send(world, bearer(world.token(rights)), { message })).body
  const refused = (message: string) => ({
    result: { isError: true, structuredContent: { error: { code: 'forbidden', message } } },
  })

  it.each([
    ['no bucket', { buckets: [] }, 'your token does not list the bucket lab-a'],
    ['another bucket', { buckets: ['lab-b'] }, 'your token does not list the bucket lab-a'],
    ['another permission', { permissions: ['s3:ListBucket'] }, 'your token does not list the permission s3:GetObject'],
    ['nothing that can be read', { permissions: 7 }, 'your token does not list the permission s3:GetObject'],
    [
      'an unknown form of buckets',
      { buckets: { _type: 'magic', _data: '*' } },
      'your token does not list the bucket lab-a',
    ],
    ['broken base64', { b: { _type: 'compressed', _data: '!' } }, 'your token does not list the bucket lab-a'],
    [
      'short rights beside long ones, which count',
      { p: ['g'], permissions: ['s3:ListBucket'] },
      'your token does not list the permission s3:GetObject',
    ],
  ])('is refused what it does not list: %s', async (_what, rights, message) => {
    expect(await call(rights, read)).toMatchObject(refused(message))
  })

  it('is served what it lists', async () => {
    expect(textIn(await call({ buckets: ['lab-a'], permissions: ['s3:GetObject'] }, read))).toEqual(marker('ada'))
    expect(textIn(await call({ b: { _type: 'groups', _data: { lab: ['a'] } }, p: ['g'] }, read))).toEqual(
      marker('ada'),
    )
  })

  it('offers nothing that changes data to a token for reading', async () => {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const names = textIn(await call({ scope: 'read' }, list))
    expect(names).toContain('"object_read"')
    expect(names).not.toContain('"object_put"')
    expect(await call({ scope: 'read' }, toolCall('object_put', { uri: 's3://lab-a/x', text: 'x' }))).toMatchObject({
      result: { isError: true, structuredContent: { error: { code: 'forbidden' } } },
    })
  })
})

describe('a request that narrows itself', () => {
  const ask = (path: string, headers: Record<string, string>, message: object) =>
    send(world, { ...bearer(world.home.ada.apiKey), ...headers }, { path, message })
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  const put = toolCall('object_put', { uri: 's3://lab-a/x', text: 'x' })
  const forbidden = { result: { isError: true, structuredContent: { error: { code: 'forbidden' } } } }

  it.each<[string, string, Record<string, string>]>([
    ['its path', '/mcp/readonly', {}],
    ['its path below the hosted one', '/mcp/platform/mcp/readonly', {}],
    ['a header', '/mcp', { 'X-MCP-Readonly': 'true' }],
    ['the path, whatever the header says', '/mcp/readonly', { 'X-MCP-Readonly': 'false' }],
  ])('changes nothing where %s says so', async (_what, path, headers) => {
    expect((await ask(path, headers, put)).body).toMatchObject(forbidden)
    expect(textIn((await ask(path, headers, list)).body)).not.toContain('"object_put"')
  })

  it('sees only its toolsets, its tools and its bucket', async () => {
    expect(textIn((await ask('/mcp/x/catalog', {}, list)).body)).not.toContain('"package_list"')
    expect((await ask('/mcp', { 'X-MCP-Tools': 'bucket_list' }, read)).body).toMatchObject(forbidden)
    expect((await ask('/mcp/b/lab-b', {}, read)).body).toMatchObject(forbidden)
    expect(textIn((await ask('/mcp', { 'X-Quilt-Bucket': 'lab-a' }, read)).body)).toEqual(marker('ada'))
  })

  it.each<[string, string, Record<string, string>, number]>([
    ['a toolset that there is not', '/mcp/x/magic', {}, 400],
    ['a header that is empty', '/mcp', { 'X-MCP-Toolsets': ' ' }, 400],
    ['a bucket that can be none', '/mcp/b/no%2Fbucket', {}, 400],
    ['another path', '/mcp/admin', {}, 404],
  ])('is refused for %s: it never gets more than it meant', async (_what, path, headers, status) => {
    expect((await ask(path, headers, list)).status).toBe(status)
  })
})
