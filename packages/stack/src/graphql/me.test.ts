// Roles, keys and requests of the caller as GraphQL takes them.
import { ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3'
import { encodeJson } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, revisionHash, type TestRegistry } from './test/registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry()
})
afterAll(() => registry.close())

const keyMade = z.object({ secret: z.string(), apiKey: z.object({ id: z.string() }) })

describe('the caller', () => {
  it('who is nobody gets null for me, and 401 for all else', async () => {
    const me = await registry.ask(undefined, '{ me { name } }')
    expect([me.status, encodeJson(me.body)]).toEqual([200, '{"data":{"me":null}}'])
    const buckets = await registry.ask(undefined, '{ me { name } buckets { name } }')
    expect([buckets.status, encodeJson(buckets.body)]).toEqual([401, '{"message":"Unauthorized"}'])
  })

  it('acts in one role at a time, for all sessions', async () => {
    const { admin } = registry.stack
    admin.createRole({ name: 'reader', permissions: { 'lab-b': 'READ' } })
    admin.createUser({ name: 'joan', email: 'joan@example.com', role: 'reader', extraRoles: ['analysts-a'] })
    const [one, other] = await Promise.all([admin.sessionToken('joan'), admin.sessionToken('joan')])
    const buckets = '{ buckets { name } }'
    expect(await registry.field(other, buckets)).toEqual([{ name: 'lab-b' }])
    const change = `mutation ($r: String!) { switchRole(roleName: $r) { __typename ... on Me { role { name } roles { name } } } }`
    expect(await registry.field(one, change, { r: 'analysts-b' })).toEqual({ __typename: 'InvalidInput' })
    expect(await registry.field(one, change, { r: 'analysts-a' })).toEqual({
      __typename: 'Me',
      role: { name: 'analysts-a' },
      roles: [{ name: 'reader' }, { name: 'analysts-a' }],
    })
    expect(await registry.field(other, buckets)).toEqual([{ name: 'lab-a' }])
  })

  it('has AWS credentials of the active role; those of before keep the role they were issued in', async () => {
    const { admin } = registry.stack
    admin.createUser({ name: 'jean', email: 'jean@example.com', role: 'analysts-a', extraRoles: ['analysts-b'] })
    const token = await admin.sessionToken('jean')
    const listed = async (s3: S3Client) => (await s3.send(new ListBucketsCommand())).Buckets?.map(({ Name }) => Name)
    const before = await registry.s3(token)
    expect(await listed(before)).toEqual(['lab-a'])
    const change = 'mutation { switchRole(roleName: "analysts-b") { ... on Me { role { name } } } }'
    await registry.field(token, change)
    const after = await registry.s3(token)
    expect([await listed(after), await listed(before)]).toEqual([['lab-b'], ['lab-a']])
    const me: unknown = await (await registry.call('/api/me', { token })).json()
    expect(me).toMatchObject({ role: 'analysts-b', roles: ['analysts-a', 'analysts-b'] })
  })

  it('browses what the active role may read, whenever the session was opened', async () => {
    const { admin } = registry.stack
    admin.createUser({ name: 'june', email: 'june@example.com', role: 'analysts-a', extraRoles: ['analysts-b'] })
    const token = await admin.sessionToken('june')
    await registry.put(token, 'lab-a', 'x', 'hello')
    await registry.construct(token, { bucket: 'lab-a', name: 'june/data' }, [
      { logicalKey: 'x', physicalKey: 's3://lab-a/x' },
    ])
    const hash = await revisionHash(registry, '{ package(bucket: "lab-a", name: "june/data") { revision { hash } } }')
    const open = 'mutation ($scope: String!) { browsingSessionCreate(scope: $scope) { ... on BrowsingSession { id } } }'
    const opened = await registry.field(token, open, { scope: `quilt+s3://lab-a#package=june/data@${hash}` })
    const { id } = z.object({ id: z.string() }).parse(opened)
    const status = async () => (await registry.call(`/browse/${id}/x`, { token })).status
    const change = 'mutation ($r: String!) { switchRole(roleName: $r) { __typename } }'
    const statuses = [await status()]
    for (const r of ['analysts-b', 'analysts-a']) {
      await registry.field(token, change, { r })
      statuses.push(await status())
    }
    expect(statuses).toEqual([307, 403, 307])
  })

  it('who may only read gets Forbidden for a push', async () => {
    const { admin } = registry.stack
    admin.createUser({ name: 'rita', email: 'rita@example.com', role: 'reader' })
    const answer = await registry.construct(await admin.sessionToken('rita'), { bucket: 'lab-b', name: 'a/b' }, [])
    expect(answer).toEqual(expect.objectContaining({ __typename: 'OperationError', name: 'Forbidden' }))
  })

  it('makes, uses and revokes API keys', async () => {
    const create = `mutation ($n: String!) { apiKeyCreate(input: { name: $n }) { __typename
      ... on APIKeyCreated { secret apiKey { id name status } } ... on InvalidInput { errors { path } } } }`
    expect(await registry.field(registry.ada, create, { n: ' ' })).toEqual({
      __typename: 'InvalidInput',
      errors: [{ path: 'input.name' }],
    })
    const made = keyMade.parse(await registry.field(registry.ada, create, { n: 'ci' }))
    const keys = `{ me { apiKeys(name: "ci", status: ACTIVE) { id name } } }`
    expect(await registry.field(made.secret, keys)).toEqual({ apiKeys: [{ id: made.apiKey.id, name: 'ci' }] })
    const revoke = `mutation ($s: String) { apiKeyRevoke(secret: $s) { __typename } }`
    expect(await registry.field(registry.ada, revoke, { s: made.secret })).toEqual({ __typename: 'Ok' })
    expect(await registry.field(registry.ada, keys)).toEqual({ apiKeys: [] })
  })

  it('learns what is wrong with a request that is none', async () => {
    const answer = await registry.call('/graphql', { method: 'POST', token: registry.ada, body: '{"query": 1}' })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [{ message: 'query is missing', extensions: { code: 'BAD_REQUEST' } }] },
    ])
  })
})
