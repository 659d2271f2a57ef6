import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

const base = { bucket: 'lab-a', message: 'First' }
const text = (logicalKey: string, content = logicalKey) => ({ logical_key: logicalKey, text: content })

describe('package_create', () => {
  it('makes a package of inline content, S3 objects and files of other packages', async () => {
    const made = await world.ada.ok('package_create', {
      ...base,
      package: 'made/mixed',
      metadata: { a: 1 },
      entries: [
        text('README.md', '# Mixed\n'),
        { logical_key: 'bytes', base64: 'AAEC', metadata: { kind: 'raw' } },
        { logical_key: 'notes.txt', uri: 's3://lab-a/raw/notes.txt' },
        { logical_key: 'cells.csv', uri: 'quilt+s3://lab-a#package=study/cells&path=data%2Fcells.csv' },
      ],
    })
    expect(made).toMatchObject({ entries: 4, counts: { added: 4, kept: 0 }, by: { user: 'ada' } })
    const reader = await world.ada.backend.packages.open(
      await world.ada.backend.packages.resolve({ bucket: 'lab-a', name: 'made/mixed' }),
    )
    expect(reader.revision.topHash).toBe(made.top_hash)
    const [copied, original] = await Promise.all([
      reader.entry('cells.csv'),
      world.ada.backend.packages
        .resolve({ bucket: 'lab-a', name: 'study/cells' })
        .then((revision) => world.ada.backend.packages.open(revision))
        .then((cells) => cells.entry('data/cells.csv')),
    ])
    expect(copied).toEqual({ ...original, logicalKey: 'cells.csv' })
    expect((await reader.entry('README.md')).physicalKey).toMatch(/^s3:\/\/lab-a\/made\/mixed\/README\.md\?versionId=/)
  })

  it('takes empty text for an empty file, and for nothing beside a uri', async () => {
    const made = await world.ada.ok('package_create', {
      ...base,
      package: 'made/empty',
      entries: [
        { logical_key: 'data/__init__.py', text: '', uri: '' },
        { logical_key: 'empty.bin', base64: '' },
        { logical_key: 'notes.txt', uri: 's3://lab-a/raw/notes.txt', text: '', base64: '' },
      ],
    })
    const listing = await world.ada.ok('package_browse', { package: String(made.uri) })
    const init = await world.ada.ok('package_browse', { package: String(made.uri), path: 'data/__init__.py' })
    expect(listing.items).toMatchObject([
      { name: 'data' },
      { name: 'empty.bin', size: 0 },
      { name: 'notes.txt', size: 45 },
    ])
    expect(init.items).toMatchObject([
      // Of no bytes: SHA-256 of nothing, as quilt3 has it (formats.md 4.2).
      { size: 0, hash: 'sha2-256-chunked:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
    ])
  })

  it('refuses a package that exists, and names the tool to use', async () => {
    expect(
      await world.ada.fails('package_create', { ...base, package: 'study/cells', entries: [text('a')] }),
    ).toMatchObject({
      code: 'conflict',
      nextTools: ['package_update', 'package_browse'],
    })
  })

  it('replaces a package when told and confirmed, and reports what goes', async () => {
    const args = { ...base, package: 'made/replaced', entries: [text('a'), text('b')] }
    const first = await world.ada.ok('package_create', args)
    const replacement = { ...args, entries: [text('b'), text('c')], overwrite: true }
    const question = await world.ada.fails('package_create', replacement)
    expect(question.message).toContain('Replace all 2 entries of made/replaced in lab-a')
    expect(question.message).toContain('1 paths stay, 1 go')
    expect(await world.ada.confirmed('package_create', replacement)).toMatchObject({
      previous: first.top_hash,
      counts: { added: 1, removed: 1, kept: 1 },
    })
  })

  it('does not take a confirmation for another plan', async () => {
    const args = { ...base, package: 'study/disposable', overwrite: true }
    const { details } = await world.ada.fails('package_create', { ...args, entries: [text('a')] })
    const other = { ...args, entries: [text('a', 'other')], confirm: details?.confirm }
    expect(await world.ada.fails('package_create', other)).toMatchObject({ code: 'conflict' })
  })

  it('names everything that is wrong at once, and writes nothing', async () => {
    const { code, message } = await world.ada.fails('package_create', {
      ...base,
      package: 'made/wrong',
      entries: [
        text('/leading'),
        text('a'),
        text('a/b'),
        text('twice'),
        text('twice'),
        { logical_key: 'none' },
        { logical_key: 'missing', uri: 's3://lab-a/raw/none.txt' },
        { logical_key: 'theirs', uri: 'quilt+s3://lab-b#package=secret/plan&path=plan.txt' },
        { logical_key: 'prefix', uri: 's3://lab-a/raw/' },
      ],
    })
    expect(code).toBe('invalid_input')
    for (const path of [
      '/leading',
      'a: would be a file',
      'twice: is given twice',
      'none: has no content',
      'missing:',
      'theirs:',
      'prefix:',
    ]) {
      expect(message).toContain(path)
    }
    expect(await world.ada.ok('bucket_objects_list', { bucket: 'lab-a', prefix: 'made/wrong/' })).toMatchObject({
      items: [],
    })
    expect(await world.ada.fails('package_browse', { package: 'made/wrong', bucket: 'lab-a' })).toMatchObject({
      code: 'not_found',
    })
  })

  it('plans without writing', async () => {
    const plan = await world.ada.ok('package_create', {
      ...base,
      package: 'made/planned',
      entries: [text('a')],
      dry_run: true,
    })
    expect(plan).toMatchObject({ dry_run: true, changes: [{ change: 'added', path: 'a' }] })
    expect(plan).not.toHaveProperty('top_hash')
    expect(await world.ada.ok('bucket_objects_list', { bucket: 'lab-a', prefix: 'made/planned/' })).toMatchObject({
      items: [],
    })
  })

  it.each([
    [{ package: 'no.dots/here' }, 'invalid_input', 'did you mean no-dots/here?'],
    [{ package: 'made/x', bucket: 'lab-b' }, 'not_found', 'lab-b'],
    [{ package: 'made/x@abcdef' }, 'invalid_input', 'a revision or path of made/x'],
    [{ package: 'made/x', metadata: '[1]' }, 'invalid_input', 'metadata is not a JSON object'],
  ])('refuses %j', async (args, code, message) => {
    expect(await world.ada.fails('package_create', { ...base, entries: [text('a')], ...args })).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})
