import { type Entry, encodeJson } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

let made = 0
/** A package of three files with metadata that JSON.parse would spoil; a new one for each test. */
async function aPackage() {
  const args = { package: `update/p${++made}`, bucket: 'lab-a' }
  const metadata = '{"ratio": 1.0, "big": 12345678901234567890123, "note": "x"}'
  const entries = ['a.txt', 'data/b.txt', 'data/c.txt'].map((key) => ({
    logical_key: key,
    text: key,
    metadata: { of: key },
  }))
  await world.ada.ok('package_create', { ...args, message: 'First', metadata, entries })
  return args
}
async function contentOf(name: string) {
  const { packages } = world.ada.backend
  const reader = await packages.open(await packages.resolve({ bucket: 'lab-a', name }))
  const entries: Entry[] = []
  for await (const batch of reader.entries()) entries.push(...batch)
  const metadata = reader.header.get('user_meta')
  return { entries, metadata: metadata === undefined ? undefined : encodeJson(metadata) }
}

describe('package_update', () => {
  it('keeps every entry it was not asked to change, byte for byte', async () => {
    const args = await aPackage()
    const before = await contentOf(args.package)
    const result = await world.ada.ok('package_update', {
      ...args,
      message: 'Add',
      add: [{ logical_key: 'new.txt', text: 'new' }],
    })
    expect(result).toMatchObject({ entries: 4, counts: { added: 1, kept: 3 }, by: { user: 'ada' } })
    const after = await contentOf(args.package)
    expect(after.entries.filter(({ logicalKey }) => logicalKey !== 'new.txt')).toEqual(before.entries)
    expect(after.metadata).toBe(before.metadata)
  })

  it('empties a file for an empty text, and keeps its bytes when every source is empty', async () => {
    const args = await aPackage()
    await world.ada.ok('package_update', {
      ...args,
      message: 'Empty one, describe the other',
      add: [
        { logical_key: 'a.txt', text: '' },
        { logical_key: 'data/b.txt', text: '', base64: '', uri: '', metadata: { of: 'b' } },
      ],
    })
    const { entries } = await contentOf(args.package)
    expect(entries.map(({ logicalKey, size }) => [logicalKey, size])).toEqual([
      ['a.txt', 0],
      ['data/b.txt', 10],
      ['data/c.txt', 10],
    ])
  })

  it('removes, renames and replaces in one revision', async () => {
    const args = await aPackage()
    const [, , before] = (await contentOf(args.package)).entries
    const result = await world.ada.ok('package_update', {
      ...args,
      message: 'Tidy',
      remove: ['data/b.txt'],
      rename: { 'data/c.txt': 'c.txt' },
      add: [{ logical_key: 'a.txt', text: 'changed' }],
    })
    expect(result).toMatchObject({ counts: { removed: 1, renamed: 1, replaced: 1, kept: 0 } })
    const { entries } = await contentOf(args.package)
    expect(entries.map(({ logicalKey }) => logicalKey)).toEqual(['a.txt', 'c.txt'])
    expect(entries[1]).toEqual({ ...before, logicalKey: 'c.txt' })
    expect(encodeJson(entries[0]?.meta ?? null)).toBe('{"user_meta":{"of":"a.txt"}}')
  })

  it('changes the metadata of a file alone', async () => {
    const args = await aPackage()
    const [before] = (await contentOf(args.package)).entries
    await world.ada.ok('package_update', {
      ...args,
      message: 'Label',
      add: [{ logical_key: 'a.txt', metadata: { label: 'A' } }],
    })
    const [after] = (await contentOf(args.package)).entries
    expect(after).toEqual({ ...before, meta: new Map([['user_meta', new Map([['label', 'A']])]]) })
  })

  it('merges metadata, and replaces it when told; numbers stay as they were written', async () => {
    const args = await aPackage()
    await world.ada.ok('package_update', { ...args, message: 'Merge', metadata: { note: null, reviewed: true } })
    expect((await contentOf(args.package)).metadata).toBe('{"ratio":1.0,"big":12345678901234567890123,"reviewed":true}')
    await world.ada.ok('package_update', { ...args, message: 'Replace', metadata: { only: 1 }, replace_metadata: true })
    expect((await contentOf(args.package)).metadata).toBe('{"only":1}')
  })

  it('fails with conflict when the revision it was meant for is not the latest', async () => {
    const args = await aPackage()
    const { top_hash: base } = await world.ada.ok('package_browse', args)
    await world.ada.ok('package_update', { ...args, message: 'Meanwhile', remove: ['a.txt'], base })
    const { entries } = await contentOf(args.package)
    for (const late of [{ base }, { package: `${args.package}@${base}` }]) {
      expect(
        await world.ada.fails('package_update', { ...args, message: 'Late', remove: ['data/'], ...late }),
      ).toMatchObject({
        code: 'conflict',
        nextTools: ['package_diff', 'package_browse'],
      })
    }
    expect((await contentOf(args.package)).entries).toEqual(entries)
  })

  it('names everything that is wrong at once, and writes nothing', async () => {
    const args = await aPackage()
    const before = await contentOf(args.package)
    const { message } = await world.ada.fails('package_update', {
      ...args,
      message: 'Wrong',
      remove: ['none.txt'],
      rename: { 'a.txt': 'data/b.txt' },
      add: [
        { logical_key: 'missing', uri: 's3://lab-a/none' },
        { logical_key: 'b.txt', metadata: {} },
      ],
    })
    for (const part of [
      'none.txt: is not in the package',
      'data/b.txt: would be the path of two files',
      'missing:',
      'b.txt: is not in the package',
    ]) {
      expect(message).toContain(part)
    }
    expect(await contentOf(args.package)).toEqual(before)
  })

  it('keeps all of a package above 10,000 entries', async () => {
    const args = { package: 'update/big', bucket: 'lab-a' }
    const entries = Array.from({ length: 10_050 }, (_, at) => ({
      logical_key: `f/${at}`,
      uri: 's3://lab-a/raw/notes.txt',
    }))
    await world.ada.ok('package_create', { ...args, message: 'Big', entries })
    const result = await world.ada.ok('package_update', { ...args, message: 'One less', remove: ['f/77'] })
    expect(result).toMatchObject({ entries: 10_049, counts: { removed: 1, kept: 10_049 } })
    expect((await contentOf(args.package)).entries).toHaveLength(10_049)
  })

  it('removes by pattern, and moves a directory with all that is in it', async () => {
    const args = await aPackage()
    const result = await world.ada.ok('package_update', {
      ...args,
      message: 'Move',
      remove: ['**/c.*'],
      rename: { 'data/': 'raw/deep/' },
    })
    expect(result).toMatchObject({
      counts: { removed: 1, renamed: 1, kept: 1 },
      changes: [
        { change: 'removed', path: 'data/c.txt' },
        { change: 'renamed', path: 'raw/deep/b.txt', from: 'data/b.txt' },
      ],
    })
  })

  it('makes a new revision for another message alone, and none when nothing is different', async () => {
    const args = await aPackage()
    const first = await world.ada.ok('package_browse', args)
    const said = await world.ada.ok('package_update', { ...args, message: 'Said better' })
    expect(said).toMatchObject({ counts: { kept: 3 }, previous: first.top_hash })
    expect(said.top_hash).not.toBe(first.top_hash)
    expect(await world.ada.ok('package_update', { ...args, message: 'Said better' })).toMatchObject({
      top_hash: said.top_hash,
      warnings: ['nothing is different, the message neither: no new revision was made'],
    })
  })

  it('says what was meant where a path is not in the package', async () => {
    const args = await aPackage()
    const { details } = await world.ada.fails('package_update', {
      ...args,
      message: 'Wrong',
      remove: ['data', 'data/b.txd', 'dato/', '*.md'],
    })
    expect(details?.problems).toEqual([
      { path: 'data', problem: 'is not in the package: it is a directory, write data/' },
      { path: 'data/b.txd', problem: 'is not in the package; did you mean data/b.txt?' },
      { path: 'dato/', problem: 'is not in the package; did you mean data/?' },
      { path: '*.md', problem: 'fits no file of the package', hint: '**/*.md looks in all directories.' },
    ])
  })

  it('plans without writing', async () => {
    const args = await aPackage()
    const before = await contentOf(args.package)
    const plan = await world.ada.ok('package_update', { ...args, message: 'Plan', remove: ['data/'], dry_run: true })
    expect(plan).toMatchObject({ dry_run: true, entries: 1, counts: { removed: 2, kept: 1 } })
    expect(await contentOf(args.package)).toEqual(before)
  })

  it('does not leave a package empty', async () => {
    const args = await aPackage()
    expect(
      await world.ada.fails('package_update', { ...args, message: 'All', remove: ['a.txt', 'data/'] }),
    ).toMatchObject({
      code: 'invalid_input',
      nextTools: ['package_delete'],
    })
  })
})
