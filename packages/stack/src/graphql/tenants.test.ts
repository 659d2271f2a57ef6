// Two tenants at one registry, as GraphQL keeps them apart.
import { toPlain } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, revisionHash, type TestRegistry } from './test/registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry()
})
afterAll(() => registry.close())

const push = (name: string, message: string) => registry.construct(registry.ada, { bucket: 'lab-a', name, message }, [])

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
    const hash = await revisionHash(registry, `{ package(bucket: "lab-a", name: "t/secret") { revision { hash } } }`)
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
