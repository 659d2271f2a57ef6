// Two tenants on one server. Nothing of one is ever seen by the other, by name, by listing, by cursor, by token or in haste.
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, connectHttp, failure } from './clients.js'
import { aWorld, type HttpServer, serveHttp, settingsOf, type Tenant, type World } from './world.js'

let world: World
let server: HttpServer
let ada: Client
let grace: Client

beforeAll(async () => {
  world = await aWorld()
  server = await serveHttp(settingsOf(world))
  ada = await connectHttp(`${server.origin}/mcp`, world.ada.apiKey)
  grace = await connectHttp(`${server.origin}/mcp`, world.grace.sessionToken)
  for (const [client, tenant] of [
    [ada, world.ada],
    [grace, world.grace],
  ] as const) {
    await call(client, 'package_create', {
      package: 'secret/plans',
      bucket: tenant.bucket,
      message: `Of ${tenant.user}`,
      entries: [{ logical_key: 'plan.txt', text: secretOf(tenant) }],
    })
  }
})
afterAll(async () => {
  await ada.close()
  await grace.close()
  await server.stop()
  await world.close()
})

const secretOf = ({ user }: Tenant): string => `the secret of ${user}`

describe('a tenant', () => {
  it('sees its own bucket alone', async () => {
    expect((await call(ada, 'bucket_list')).buckets).toMatchObject([{ name: 'lab-a' }])
    expect((await call(grace, 'bucket_list')).buckets).toMatchObject([{ name: 'lab-b' }])
  })

  it.each([
    ['package_list', { bucket: 'lab-b' }],
    ['package_revisions', { package: 'secret/plans', bucket: 'lab-b' }],
    ['package_browse', { package: 'quilt+s3://lab-b#package=secret/plans' }],
    ['package_diff', { package: 'secret/plans', bucket: 'lab-b' }],
    [
      'package_update',
      { package: 'secret/plans', bucket: 'lab-b', message: 'x', add: [{ logical_key: 'x', text: 'x' }] },
    ],
    [
      'package_create',
      { package: 'mine/now', bucket: 'lab-b', message: 'x', entries: [{ logical_key: 'x', text: 'x' }] },
    ],
    ['package_delete', { package: 'secret/plans', bucket: 'lab-b', revision: 'all' }],
    ['package_promote', { package: 'secret/plans', bucket: 'lab-b', to_bucket: 'lab-a' }],
    ['get_resource', { uri: 'quilt-platform://buckets/lab-b/workflows' }],
    ['get_resource', { uri: 'quilt-platform://buckets/lab-b/packages/secret/plans' }],
    ['get_resource', { uri: 'quilt-platform://buckets/lab-b/packages/secret/plans/entries/plan.txt' }],
    ['bucket_objects_list', { bucket: 'lab-b' }],
    ['object_info', { uri: 's3://lab-b/secret/plans/plan.txt' }],
    ['object_read', { uri: 's3://lab-b/secret/plans/plan.txt' }],
    ['object_read', { uri: 'quilt+s3://lab-b#package=secret/plans&path=plan.txt' }],
    ['object_put', { uri: 's3://lab-b/x.txt', text: 'x' }],
  ])('is refused %s on the bucket of another, and told nothing of it', async (tool, args) => {
    const error = await failure(ada, tool, args)
    expect(['not_found', 'forbidden']).toContain(error.code)
    expect(error.hint).toBeTruthy()
    expect(JSON.stringify(error)).not.toContain('secret of')
  })

  it('cannot take over the bytes of another as an entry of its own package', async () => {
    const error = await failure(ada, 'package_create', {
      package: 'thief/loot',
      bucket: 'lab-a',
      message: 'x',
      entries: [{ logical_key: 'loot.txt', uri: 's3://lab-b/secret/plans/plan.txt' }],
    })
    expect(JSON.stringify(error)).toContain('loot.txt')
    expect((await call(ada, 'package_list', { bucket: 'lab-a', filter: 'thief' })).packages).toEqual([])
  })

  it('cannot use the confirmation that another was given', async () => {
    const args = { package: 'secret/plans', bucket: 'lab-b', revision: 'all' }
    const asked = await failure(grace, 'package_delete', args)
    const error = await failure(ada, 'package_delete', { ...args, confirm: asked.details?.confirm })
    expect(['not_found', 'forbidden']).toContain(error.code)
    expect((await call(grace, 'package_list', { bucket: 'lab-b' })).packages).toHaveLength(1)
  })

  it('reads its own and nothing else among hundreds of interleaved requests', async () => {
    const read = async (client: Client, { bucket }: Tenant) =>
      (await call(client, 'object_read', { uri: `quilt+s3://${bucket}#package=secret/plans&path=plan.txt` })).text
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? read(ada, world.ada) : read(grace, world.grace))),
    )
    answers.forEach((answer, index) => {
      expect(answer).toEqual({ untrusted: secretOf(index % 2 === 0 ? world.ada : world.grace) })
    })
  })
})

describe('a request without a good token', () => {
  const post = (headers: Record<string, string>) =>
    fetch(`${server.origin}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    })

  it.each([
    ['none', {}],
    ['an unknown one', { authorization: 'Bearer nobody' }],
    ['an unknown key', { authorization: 'Bearer qk_0000000000000000000000000000' }],
    ['another scheme', { authorization: 'Basic YWRhOmFkYQ==' }],
  ])('gets 401 and is told how to come in: %s', async (_, headers) => {
    const response = await post(headers)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
    expect(await response.json()).toMatchObject({
      error: { code: 'unauthenticated', hint: expect.any(String) as string },
    })
  })

  it('gets 401 for a session that ended, and the server keeps serving the others', async () => {
    const short = await world.stack.admin.sessionToken('ada', { seconds: -1 })
    expect((await post({ authorization: `Bearer ${short}` })).status).toBe(401)
    expect((await call(ada, 'bucket_list')).buckets).toHaveLength(1)
  })

  it("finds no identity in the server's own environment", async () => {
    const poisoned = await serveHttp({
      ...settingsOf(world),
      QUILT_API_KEY: world.ada.apiKey,
      AWS_ACCESS_KEY_ID: 'AKIAPOISONED',
      AWS_SECRET_ACCESS_KEY: 'poisoned',
    })
    try {
      const response = await fetch(`${poisoned.origin}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      })
      expect(response.status).toBe(401)
      expect(poisoned.log()).not.toContain(world.ada.apiKey)
    } finally {
      await poisoned.stop()
    }
  })
})
