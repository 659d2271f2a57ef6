// Packages and their revisions as a client of GraphQL meets them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRegistry, type ConstructEntry, helloHash, revisionHash, type TestRegistry } from './test/registry.js'

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
    const hash = await revisionHash(registry, latest)
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
    const hash = await revisionHash(registry, `{ package(bucket: "lab-a", name: "p/promoted") { revision { hash } } }`)
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
