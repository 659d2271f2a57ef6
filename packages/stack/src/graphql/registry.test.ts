// Packages, tenants, browsing sessions, roles and keys as a client of GraphQL meets them.
import { encodeJson, toPlain } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, type ConstructEntry, helloHash, type TestRegistry } from './test/registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry()
})
afterAll(() => registry.close())

const file = (logicalKey: string, more: Partial<ConstructEntry> = {}): ConstructEntry => ({
  logicalKey,
  physicalKey: `s3://lab-a/${logicalKey}?versionId=v1`,
  hash: helloHash,
  size: 5,
  ...more,
})
const push = (name: string, message: string, entries: readonly ConstructEntry[] = []) =>
  registry.construct(registry.ada, { bucket: 'lab-a', name, message }, entries)

describe('a package', () => {
  const revisions = /* GraphQL */ `query ($name: String!) {
    package(bucket: "lab-a", name: $name) { revisions { total page { hash message } } revision { message } }
  }`
  const deleteRevision = /* GraphQL */ `mutation ($hash: String!) {
    packageRevisionDelete(bucket: "lab-a", name: "p/log", hash: $hash) {
      __typename ... on OperationError { name message }
    }
  }`

  it('lists its revisions newest first, also those of one second, and can lose one', async () => {
    for (const message of ['one', 'two', 'three']) await push('p/log', message)
    const before = await registry.field(registry.ada, revisions, { name: 'p/log' })
    expect(before).toEqual({
      revisions: { total: 3, page: ['three', 'two', 'one'].map((message) => ({ hash: expect.any(String), message })) },
      revision: { message: 'three' },
    })
    const latest = `{ package(bucket: "lab-a", name: "p/log") { revision { hash } } }`
    const hash = (await revisionOf(latest))?.get('hash')
    expect(await registry.field(registry.ada, deleteRevision, { hash })).toEqual({
      __typename: 'PackageRevisionDeleteSuccess',
    })
    expect(await registry.field(registry.ada, revisions, { name: 'p/log' })).toEqual({
      revisions: { total: 2, page: ['two', 'one'].map((message) => ({ hash: expect.any(String), message })) },
      revision: { message: 'two' },
    })
    expect(await registry.field(registry.ada, deleteRevision, { hash })).toEqual(
      expect.objectContaining({ __typename: 'OperationError', name: 'QuiltException' }),
    )
  })

  it('shows folders with their sizes, files with their places, and null for what is not there', async () => {
    await push('p/tree', 'm', [
      file('a.txt', { meta: { user_meta: { k: 1 } } }),
      file('d/b'),
      file('d/e/c'),
      file('d-1'),
    ])
    const query = /* GraphQL */ `{ package(bucket: "lab-a", name: "p/tree") { revision {
      totalEntries totalBytes accessCounts { total }
      dir(path: "") { path size metadata children { __typename
        ... on PackageFile { path size physicalKey metadata }
        ... on PackageDir { path size children { __typename ... on PackageFile { path } ... on PackageDir { path } } } } }
      sub: dir(path: "d/") { path size }
      none: dir(path: "a.txt") { path }
      file(path: "d/b") { path size physicalKey }
      noFile: file(path: "d") { path }
      flat: contentsFlatMap(max: 3)
    } } }`
    expect(await registry.field(registry.ada, query)).toEqual({
      revision: {
        totalEntries: 4,
        totalBytes: 20,
        accessCounts: null,
        dir: {
          path: '',
          size: 20,
          metadata: { version: 'v0', message: 'm' },
          children: [
            {
              __typename: 'PackageFile',
              path: 'a.txt',
              size: 5,
              physicalKey: 's3://lab-a/a.txt?versionId=v1',
              metadata: { user_meta: { k: 1 } },
            },
            {
              __typename: 'PackageDir',
              path: 'd',
              size: 10,
              children: [
                { __typename: 'PackageFile', path: 'd/b' },
                { __typename: 'PackageDir', path: 'd/e' },
              ],
            },
            expect.objectContaining({ path: 'd-1' }),
          ],
        },
        sub: { path: 'd', size: 10 },
        none: null,
        file: { path: 'd/b', size: 5, physicalKey: 's3://lab-a/d/b?versionId=v1' },
        noFile: null,
        flat: null,
      },
    })
  })

  it('of more than 10,000 entries has no flat map, but folders', async () => {
    await push(
      'p/big',
      'm',
      Array.from({ length: 10_001 }, (_, n) => file(`${n % 3}/${n}`)),
    )
    const query = /* GraphQL */ `{ package(bucket: "lab-a", name: "p/big") { revision {
      totalEntries contentsFlatMap(max: 10000) dir(path: "") { children { ... on PackageDir { path size } } }
    } } }`
    expect(await registry.field(registry.ada, query)).toEqual({
      revision: {
        totalEntries: 10_001,
        contentsFlatMap: null,
        dir: {
          children: [
            { path: '0', size: 16_670 },
            { path: '1', size: 16_670 },
            { path: '2', size: 16_665 },
          ],
        },
      },
    })
  })

  it('is found by a piece of its name, by wildcards, and by date', async () => {
    const names = (filter: string) =>
      registry.field(
        registry.ada,
        `query ($f: String) { packages(bucket: "lab-a", filter: $f) { total page { name } } }`,
        {
          f: filter,
        },
      )
    expect(await names('TREE')).toEqual({ total: 1, page: [{ name: 'p/tree' }] })
    expect(await names('p/*g')).toEqual({ total: 2, page: [{ name: 'p/big' }, { name: 'p/log' }] })
    expect(await names('?/tre?')).toEqual({ total: 1, page: [{ name: 'p/tree' }] })
    expect(await names('*')).toEqual(expect.objectContaining({ total: 3 }))
  })

  it('is promoted only to a successor of its bucket, its data copied', async () => {
    const { stack, ada } = registry
    stack.admin.createBucket({ name: 'lab-c' })
    stack.admin.createRole({ name: 'analysts-a', permissions: { 'lab-a': 'READ_WRITE', 'lab-c': 'READ_WRITE' } })
    await registry.put(ada, 'lab-a', 'in/hello', 'hello')
    await push('p/promoted', 'first', [{ logicalKey: 'x/hello', physicalKey: 's3://lab-a/in/hello' }])
    const hash = (await revisionOf(`{ package(bucket: "lab-a", name: "p/promoted") { revision { hash } } }`))?.get(
      'hash',
    )
    const promote = () =>
      registry.field(
        ada,
        /* GraphQL */ `mutation ($hash: String!) {
          packagePromote(params: { bucket: "lab-c", name: "q/copy", message: "copied" },
            src: { bucket: "lab-a", name: "p/promoted", hash: $hash }, destPrefix: "shelf") {
            __typename
            ... on PackagePushSuccess { revision { message contentsFlatMap } }
            ... on OperationError { name }
          }
        }`,
        { hash },
      )
    expect(await promote()).toEqual({ __typename: 'OperationError', name: 'InvalidSuccessor' })
    const config =
      'version: "1"\nis_workflow_required: false\nworkflows: {w: {name: W}}\nsuccessors: {s3://lab-c: {title: C}}'
    await registry.put(ada, 'lab-a', '.quilt/workflows/config.yml', config)
    expect(await promote()).toEqual({
      __typename: 'PackagePushSuccess',
      revision: {
        message: 'copied',
        contentsFlatMap: {
          'x/hello': {
            physicalKey: expect.stringMatching(/^s3:\/\/lab-c\/shelf\/q\/copy\/x\/hello\?versionId=.+$/),
            size: 5,
            hash: helloHash,
            meta: {},
          },
        },
      },
    })
  })
})

async function revisionOf(query: string) {
  const { body } = await registry.ask(registry.ada, query)
  const data = body instanceof Map ? body.get('data') : undefined
  const found = data instanceof Map ? data.get('package') : undefined
  const revision = found instanceof Map ? found.get('revision') : undefined
  return revision instanceof Map ? revision : undefined
}

describe('tenants', () => {
  it('see nothing of each other: buckets, packages, revisions, and no difference to what does not exist', async () => {
    await push('t/secret', 'mine')
    const seen = /* GraphQL */ `query ($bucket: String!) {
      buckets { name } bucketConfigs { name } bucket(name: $bucket) { name } bucketConfig(name: $bucket) { name }
      packages(bucket: $bucket) { total } package(bucket: $bucket, name: "t/secret") { revision { hash } }
    }`
    const nothing = { bucket: null, bucketConfig: null, packages: null, package: null }
    const own = { buckets: [{ name: 'lab-b' }], bucketConfigs: [{ name: 'lab-b' }] }
    for (const bucket of ['lab-a', 'no-such-bucket']) {
      const { body } = await registry.ask(registry.grace, seen, { bucket })
      expect(toPlain(body)).toEqual({ data: { ...own, ...nothing } })
    }
  })

  it('cannot write to each other, nor promote from, nor delete, nor browse', async () => {
    const hash = String(
      (await revisionOf(`{ package(bucket: "lab-a", name: "t/secret") { revision { hash } } }`))?.get('hash'),
    )
    const grace = (query: string) => registry.field(registry.grace, query)
    expect(await registry.construct(registry.grace, { bucket: 'lab-a', name: 't/secret' }, [])).toEqual(
      expect.objectContaining({ name: 'Forbidden' }),
    )
    const refused = '__typename ... on OperationError { name }'
    expect(
      await grace(`mutation { packagePromote(params: { bucket: "lab-b", name: "t/x" },
        src: { bucket: "lab-a", name: "t/secret", hash: "${hash}" }) { ${refused} } }`),
    ).toEqual({ __typename: 'OperationError', name: 'QuiltException' })
    expect(
      await grace(
        `mutation { packageRevisionDelete(bucket: "lab-a", name: "t/secret", hash: "${hash}") { ${refused} } }`,
      ),
    ).toEqual({ __typename: 'OperationError', name: 'QuiltException' })
    expect(
      await grace(`mutation { browsingSessionCreate(scope: "quilt+s3://lab-a#package=t/secret") { ${refused} } }`),
    ).toEqual({ __typename: 'OperationError', name: 'BucketNotFound' })
  })

  it('cannot touch each other’s browsing sessions', async () => {
    const session = await registry.field(
      registry.ada,
      `mutation { browsingSessionCreate(scope: "quilt+s3://lab-a#package=t/secret") { ... on BrowsingSession { id } } }`,
    )
    const { id } = z.object({ id: z.string() }).parse(session)
    const dispose = `mutation ($id: ID!) { browsingSessionDispose(id: $id) { __typename ... on OperationError { name } } }`
    const refresh = `mutation ($id: ID!) { browsingSessionRefresh(id: $id) { __typename ... on OperationError { name } } }`
    const mismatch = { __typename: 'OperationError', name: 'OwnerMismatch' }
    expect(await registry.field(registry.grace, dispose, { id })).toEqual(mismatch)
    expect(await registry.field(registry.grace, refresh, { id })).toEqual(mismatch)
    expect(await registry.field(registry.ada, refresh, { id })).toEqual({ __typename: 'BrowsingSession' })
    expect(await registry.field(registry.ada, dispose, { id })).toEqual({ __typename: 'Ok' })
    expect(await registry.field(registry.ada, dispose, { id })).toEqual({
      __typename: 'OperationError',
      name: 'SessionNotFound',
    })
  })
})

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
    expect(await registry.field(other, buckets)).toEqual([{ name: 'lab-a' }, { name: 'lab-c' }])
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
