// packageConstruct over HTTP: what is written, byte for byte, and what is refused.
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { parseJson } from '@quilt-mcp/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aRegistry, emptyHash, helloHash, number, type TestRegistry } from './test/registry.js'

let registry: TestRegistry
beforeAll(async () => {
  registry = await aRegistry()
})
afterAll(() => registry.close())

async function text(bucket: string, key: string): Promise<string | undefined> {
  const client = await registry.s3(registry.ada)
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return Body?.transformToString()
}

const pushed = (hash: string) =>
  expect.objectContaining({ __typename: 'PackagePushSuccess', revision: expect.objectContaining({ hash }) })

it('makes the empty package of quilt3, with pointers of 64 bytes (vector V1)', async () => {
  const hash = '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b'
  expect(await registry.construct(registry.ada, { bucket: 'lab-a', name: 'v/one' }, [])).toEqual({
    __typename: 'PackagePushSuccess',
    package: { bucket: 'lab-a', name: 'v/one' },
    revision: { hash, message: null, totalEntries: 0, totalBytes: 0 },
  })
  expect(await text('lab-a', `.quilt/packages/${hash}`)).toBe('{"version": "v0", "message": null}\n')
  expect(await text('lab-a', '.quilt/named_packages/v/one/latest')).toBe(hash)
})

it.each([
  ['V1d', { userMeta: {}, message: '' }, '0929824c58e90a6d2cc3ad2c7bdc66e34f43e8ed7063a6b48595a3834dd3ec99'],
  [
    'V5: floats stay floats',
    {
      userMeta: Object.fromEntries(
        [
          '1.0',
          '1e16',
          '1e15',
          '1e-5',
          '0.0001',
          '1e22',
          '-0.0',
          '0.1',
          '1.5e300',
          '123456789012345680.0',
          '5e-324',
          '100.0',
        ].map((value, index) => ['abcdefghijkl'.charAt(index), number(value)]),
      ),
    },
    '316d7c0654a002a4b7fa2f4c839f2a587072fd1d86a5c5831745f66bee3241e4',
  ],
  [
    'V5b: integers stay integers',
    { userMeta: { a: 1, b: number('10000000000000000') } },
    'ebcc55658aefdbf2b413dcd869991034773654398bfa4e720a56151fbbe6c23b',
  ],
  [
    'V6: keys keep their order on disk',
    {
      userMeta: parseJson(
        '{"b": {"ﬁ": 1, "😀": 2, "z": 3}, "a": [{"y": 1, "x": null}, true, false], "10": 1, "9": 2, "B": 3, "_": 4}',
      ),
    },
    '87785cb8ff85feb3e4d7035eb32a5b6cd1e10108ebd4ebbbe91055e341c122a9',
  ],
  [
    'V7: big integers',
    { userMeta: parseJson('{"big": 12345678901234567890123, "neg": -9007199254740993, "one": 1, "s": "1"}') },
    '9adfff6a34b7a3a5e592b6fd079f993f8c84bbcee3612a0f43e2d5888bf03bf8',
  ],
])('has the top hash of quilt3: %s', async (_name, params, hash) => {
  expect(await registry.construct(registry.ada, { bucket: 'lab-a', name: 'v/meta', ...params }, [])).toEqual(
    pushed(hash),
  )
})

it('has the top hash of quilt3: V2 and V2c, with entries that are given in full', async () => {
  const entry = { physicalKey: 's3://bkt/ns/pkg/a.txt?versionId=v1', hash: helloHash, size: 5 }
  const params = { bucket: 'lab-a', name: 'v/two', message: 'first' }
  const first = await registry.construct(registry.ada, params, [{ logicalKey: 'a.txt', ...entry }])
  expect(first).toEqual(pushed('5d4509b4cd23c586510be1f858f2c1a4e13f86159b79b4c83970bac5c7f65134'))
  const nested = { logicalKey: 'a.txt', ...entry, meta: { user_meta: {} } }
  const second = await registry.construct(registry.ada, params, [nested])
  expect(second).toEqual(pushed('e9734464e6015eaa6fe2944478ee8ea98187e882159a485d9b58259900e68cec'))
})

it('orders entries as a tree, pins versions and finds hashes itself (V3)', async () => {
  const version = await registry.put(registry.ada, 'lab-a', 'k', '')
  const entries = ['data.csv', 'data/x', 'data-1/y', 'Z'].map((logicalKey) => ({
    logicalKey,
    physicalKey: 's3://lab-a/k',
  }))
  const hash = '1189c195c82cd2d9f68de702629f839b972ebf1050c6c019d80c3932f26cbd06'
  expect(
    await registry.construct(registry.ada, { bucket: 'lab-a', name: 'v/three', message: 'order' }, entries),
  ).toEqual(pushed(hash))
  const [, ...lines] = ((await text('lab-a', `.quilt/packages/${hash}`)) ?? '').trimEnd().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(
    ['Z', 'data/x', 'data-1/y', 'data.csv'].map((logical_key) => ({
      logical_key,
      physical_keys: [`s3://lab-a/k?versionId=${version}`],
      size: 0,
      hash: emptyHash,
      meta: {},
    })),
  )
})

it('keeps every digit of the metadata, in variables and in the query itself, on disk and in answers', async () => {
  const meta = '{"a":1.0,"b":12345678901234567890123}'
  const onDisk = '{"version": "v0", "user_meta": {"a": 1.0, "b": 12345678901234567890123}, "message": null}\n'
  await registry.construct(registry.ada, { bucket: 'lab-a', name: 'n/vars', userMeta: parseJson(meta) }, [])
  await registry.ask(
    registry.ada,
    `mutation { packageConstruct(params: { bucket: "lab-a", name: "n/text", userMeta: { a: 1.0, b: 12345678901234567890123 } }, src: { entries: [] }) { __typename } }`,
  )
  for (const name of ['n/vars', 'n/text']) {
    const hash = (await text('lab-a', `.quilt/named_packages/${name}/latest`)) ?? ''
    expect(await text('lab-a', `.quilt/packages/${hash}`)).toBe(onDisk)
    const answer = await registry.call('/graphql', {
      token: registry.ada,
      method: 'POST',
      body: JSON.stringify({ query: `{ package(bucket: "lab-a", name: "${name}") { revision { userMeta } } }` }),
      headers: { 'content-type': 'application/json' },
    })
    expect(await answer.text()).toBe(`{"data":{"package":{"revision":{"userMeta":${meta}}}}}`)
  }
})

it('names everything that is wrong with the entries at once, and writes nothing', async () => {
  const given = { hash: helloHash, size: 5 }
  const answer = await registry.construct(registry.ada, { bucket: 'lab-a', name: 'bad/entries' }, [
    { logicalKey: 'a//b', physicalKey: 's3://lab-a/k' },
    { logicalKey: 'ok', physicalKey: 's3://x/k?versionId=1', ...given },
    { logicalKey: 'ok/under', physicalKey: 's3://x/k?versionId=1', ...given },
    { logicalKey: 'local', physicalKey: 'file:///etc/passwd' },
    { logicalKey: 'gone', physicalKey: 's3://lab-a/no-such-key' },
    { logicalKey: 'foreign', physicalKey: 's3://lab-b/secret' },
    { logicalKey: 'nowhere', physicalKey: 's3://no-such-bucket/secret' },
    { logicalKey: 'type', physicalKey: 's3://x/k?versionId=1', size: 5, hash: { type: 'md5', value: 'x' } },
    { logicalKey: 'size', physicalKey: 's3://lab-a/k', size: 7 },
  ])
  expect(answer).toEqual({
    __typename: 'InvalidInput',
    errors: [
      ['src.entries.0', 'InvalidInputParameters', null],
      ['src.entries.2', 'InvalidInputParameters', null],
      ['src.entries.3', 'InvalidLocalPhysicalKey', { physical_key: 'file:///etc/passwd' }],
      [
        'src.entries.4',
        'FailedToFetchObjectMetadata',
        { logical_key: 'gone', physical_key: 's3://lab-a/no-such-key', error: 'NoSuchKey' },
      ],
      [
        'src.entries.5',
        'FailedToFetchObjectMetadata',
        { logical_key: 'foreign', physical_key: 's3://lab-b/secret', error: 'AccessDenied' },
      ],
      [
        'src.entries.6',
        'FailedToFetchObjectMetadata',
        { logical_key: 'nowhere', physical_key: 's3://no-such-bucket/secret', error: 'AccessDenied' },
      ],
      ['src.entries.7', 'InvalidInputParameters', null],
      [
        'src.entries.8',
        'FailedToFetchObjectMetadata',
        expect.objectContaining({ error: 'the object has 0 bytes, the entry says 7' }),
      ],
    ].map(([path, name, context]) => ({ path, name, context, message: expect.any(String) })),
  })
  expect(await registry.field(registry.ada, `{ package(bucket: "lab-a", name: "bad/entries") { name } }`)).toBeNull()
})

it('refuses a name that is none, and a workflow where there are none', async () => {
  expect(await registry.construct(registry.ada, { bucket: 'lab-a', name: 'no slash' }, [])).toEqual({
    __typename: 'InvalidInput',
    errors: [expect.objectContaining({ path: 'params.name', name: 'InvalidInputParameters' })],
  })
  for (const workflow of ['', 'alpha'])
    expect(await registry.construct(registry.ada, { bucket: 'lab-a', name: 'a/b', workflow }, [])).toEqual(
      expect.objectContaining({ __typename: 'OperationError', name: 'QuiltException' }),
    )
})
