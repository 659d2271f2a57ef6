// What a bucket's workflows ask of a push, over GraphQL (formats.md 8).
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRegistry, type ConstructEntry, type TestRegistry } from './test/registry.js'

let registry: TestRegistry

beforeAll(async () => {
  registry = await aRegistry()
})
afterAll(() => registry.close())

it('records the workflow that was passed, and passes none whose schema cannot be read', async () => {
  const config = [
    'version: "1"',
    'default_workflow: alpha',
    'is_workflow_required: false',
    'workflows:',
    '  alpha: {name: Alpha, is_message_required: true}',
    '  strict: {name: Strict, metadata_schema: s}',
    'schemas:',
    '  s: {url: "s3://lab-b/s.json"}',
  ].join('\n')
  const version = await registry.put(registry.grace, 'lab-b', '.quilt/workflows/config.yml', config)
  const push = (params: object) =>
    registry.construct(registry.grace, { bucket: 'lab-b', name: 'w/flow', ...params }, [])
  const read = `{ package(bucket: "lab-b", name: "w/flow") { revision { workflow { id config } metadata } } }`
  const url = `s3://lab-b/.quilt/workflows/config.yml?versionId=${version}`
  await push({ message: 'm' })
  expect(await registry.field(registry.grace, read)).toEqual({
    revision: {
      workflow: { id: 'alpha', config: url },
      metadata: { version: 'v0', workflow: { id: 'alpha', config: url }, message: 'm' },
    },
  })
  await push({ workflow: '' })
  expect(await registry.field(registry.grace, read)).toEqual({
    revision: { workflow: { id: null, config: url }, metadata: expect.anything() },
  })
  expect(await push({})).toEqual(
    expect.objectContaining({ __typename: 'OperationError', name: 'WorkflowValidationError' }),
  )
  expect(await push({ message: 'm', workflow: 'strict' })).toEqual(
    expect.objectContaining({ name: 'QuiltException', message: expect.stringContaining('s3://lab-b/s.json') }),
  )
  expect(await push({ message: 'm', workflow: 'constructor' })).toEqual(
    expect.objectContaining({ name: 'QuiltException' }),
  )
})

describe('a workflow with all its rules', () => {
  const metadataSchema = { type: 'object', required: ['assay'], properties: { assay: { type: 'string' } } }
  const entriesSchema = {
    type: 'array',
    minItems: 1,
    items: { properties: { size: { maximum: 5 }, meta: { required: ['plate'] } } },
  }
  const entry = (key: string, meta?: object): ConstructEntry => ({
    logicalKey: 'data.csv',
    physicalKey: `s3://lab-a/${key}`,
    ...(meta !== undefined && { meta: { user_meta: meta } }),
  })
  let versions: Readonly<Record<'metadata' | 'entries' | 'config', string>>

  beforeAll(async () => {
    const put = (key: string, body: string) => registry.put(registry.ada, 'lab-a', key, body)
    await put('hello', 'hello')
    await put('longer', 'hello, world')
    const entries = await put('entries.json', JSON.stringify(entriesSchema))
    await put('entries.json', 'a later version, which nobody asks for')
    const metadata = await put('metadata.json', JSON.stringify(metadataSchema))
    await put('broken.json', '{"type": ')
    await registry.put(registry.grace, 'lab-b', 'hers.json', '{}')
    const config = await put(
      '.quilt/workflows/config.yml',
      [
        'version: "1"',
        'workflows:',
        '  all:',
        '    name: All',
        '    is_message_required: yes',
        "    handle_pattern: '^study/[a-z]+$'",
        '    metadata_schema: m',
        '    entries_schema: e',
        '  broken: {name: Broken, metadata_schema: b}',
        '  hers: {name: Hers, metadata_schema: h}',
        'schemas:',
        '  m: {url: "s3://lab-a/metadata.json"}',
        `  e: {url: "s3://lab-a/entries.json?versionId=${entries}"}`,
        '  b: {url: "s3://lab-a/broken.json"}',
        '  h: {url: "s3://lab-b/hers.json"}',
      ].join('\n'),
    )
    versions = { metadata, entries, config }
  })

  const push = (params: object = {}, entries: readonly ConstructEntry[] = [entry('hello', { plate: 1 })]) =>
    registry.construct(
      registry.ada,
      {
        bucket: 'lab-a',
        name: 'study/cells',
        message: 'm',
        userMeta: { assay: 'ATAC' },
        workflow: 'all',
        ...params,
      },
      entries,
    )
  const refused = (name: string, message: RegExp) =>
    expect.objectContaining({ __typename: 'OperationError', name, message: expect.stringMatching(message) })

  it('is recorded with the versions of its schemas that were read', async () => {
    expect(await push()).toMatchObject({ __typename: 'PackagePushSuccess' })
    const read = `{ package(bucket: "lab-a", name: "study/cells") { revision { metadata } } }`
    expect(await registry.field(registry.ada, read)).toMatchObject({
      revision: {
        metadata: {
          workflow: {
            id: 'all',
            config: `s3://lab-a/.quilt/workflows/config.yml?versionId=${versions.config}`,
            schemas: {
              m: `s3://lab-a/metadata.json?versionId=${versions.metadata}`,
              e: `s3://lab-a/entries.json?versionId=${versions.entries}`,
            },
          },
        },
      },
    })
  })

  it.each([
    ['without message', { message: null }, undefined, /requires a commit message/],
    ['with another name', { name: 'other/cells' }, undefined, /other\/cells must match the pattern/],
    ['with metadata of another form', { userMeta: { assay: 1 } }, undefined, /package metadata.*schema m/],
    ['without metadata', { userMeta: undefined }, undefined, /package metadata.*assay/],
    ['with an entry that is too large', {}, [entry('longer', { plate: 1 })], /data\.csv.*schema e/],
    ['with an entry without metadata', {}, [entry('hello')], /data\.csv.*plate/],
    ['without entries', {}, [], /the entries.*schema e/],
    ['that names none', { workflow: null }, undefined, /requires a workflow/],
  ])('refuses a push %s', async (_what, params, entries, message) => {
    const name = 'name' in params ? params.name : 'study/refused'
    expect(await push({ name, ...params }, entries)).toEqual(refused('WorkflowValidationError', message))
    expect(await registry.field(registry.ada, `{ package(bucket: "lab-a", name: "${name}") { name } }`)).toBeNull()
  })

  it.each([
    ['is not JSON', 'broken', /schema "b"/],
    ['lies where who pushes may not read', 'hers', /Couldn't load the schema "h"/],
  ])('passes nothing by a schema that %s', async (_what, workflow, message) => {
    expect(await push({ name: 'study/unchecked', workflow })).toEqual(refused('QuiltException', message))
  })
})

it('refuses every push while the config is not valid', async () => {
  await registry.put(registry.grace, 'lab-b', '.quilt/workflows/config.yml', 'version: 1\nworkflows: {w: {name: W}}')
  expect(await registry.construct(registry.grace, { bucket: 'lab-b', name: 'w/flow' }, [])).toEqual(
    expect.objectContaining({ name: 'QuiltException', message: expect.stringContaining('version') }),
  )
})
