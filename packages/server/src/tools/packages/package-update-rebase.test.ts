import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aWorld, type World } from '../test/world.js'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.close())

type Args = Readonly<Record<string, unknown>>
let made = 0
/** A package that has moved on since its first revision. */
async function aMovedPackage(meanwhile: Args) {
  const place = { package: `rebase/p${++made}`, bucket: 'lab-a' }
  const entries = ['a', 'b', 'data/c', 'data/d'].map((key) => ({ logical_key: key, text: key }))
  const first = await world.ada.ok('package_create', { ...place, message: 'First', metadata: { n: 1 }, entries })
  const second = await world.ada.ok('package_update', { ...place, message: 'Meanwhile', ...meanwhile })
  const late = { ...place, message: 'Late', base: first.top_hash, rebase: true }
  return { place, late, first: first.top_hash, second: second.top_hash }
}
async function contentOf({ package: name }: { readonly package: string }) {
  const { packages } = world.ada.backend
  const reader = await packages.open(await packages.resolve({ bucket: 'lab-a', name }))
  const sizes: Record<string, number> = {}
  for await (const batch of reader.entries()) for (const { logicalKey, size } of batch) sizes[logicalKey] = size
  return { sizes, metadata: reader.header.get('user_meta') }
}
const text = (key: string, content: string) => ({ logical_key: key, text: content })

describe('package_update with rebase', () => {
  it('keeps both changes when they do not touch', async () => {
    const { place, late, second } = await aMovedPackage({
      add: [text('e', 'e')],
      remove: ['b'],
      metadata: { theirs: 2 },
    })
    const result = await world.ada.ok('package_update', {
      ...late,
      add: [text('a', 'changed')],
      rename: { 'data/': 'raw/' },
      metadata: { ours: 3 },
    })
    expect(result).toMatchObject({ previous: second, entries: 4, counts: { replaced: 1, renamed: 2, kept: 1 } })
    expect(JSON.stringify(result.warnings)).toContain('was merged with')
    const { sizes, metadata } = await contentOf(place)
    expect(sizes).toEqual({ a: 7, e: 1, 'raw/c': 6, 'raw/d': 6 })
    expect([...(metadata as ReadonlyMap<string, unknown>).keys()].sort()).toEqual(['n', 'ours', 'theirs'])
  })

  it('removes what a pattern meant when it was said, not what came in between', async () => {
    const { place, late } = await aMovedPackage({ add: [text('data/new', 'n')] })
    await world.ada.ok('package_update', { ...late, remove: ['data/*'] })
    expect((await contentOf(place)).sizes).toEqual({ a: 1, b: 1, 'data/new': 1 })
  })

  it('refuses what contradicts, path by path, with both hashes', async () => {
    const { place, late, first, second } = await aMovedPackage({
      add: [text('a', 'theirs'), text('b', 'theirs'), text('f/x', 'x')],
      metadata: { n: 2 },
    })
    const before = await contentOf(place)
    const error = await world.ada.fails('package_update', {
      ...late,
      add: [text('a', 'ours'), text('f', 'file')],
      remove: ['b'],
      metadata: { n: 3 },
    })
    expect(error).toMatchObject({
      code: 'conflict',
      details: {
        expected: first,
        latest: second,
        conflicts: [
          { path: 'metadata n', reason: 'metadata' },
          { path: 'a', reason: 'both_changed' },
          { path: 'b', reason: 'changed_and_removed' },
          { path: 'f/x', reason: 'file_and_directory' },
        ],
      },
      nextTools: ['package_diff', 'package_browse'],
    })
    expect(error.message).toContain('a: changed there and here, in two ways')
    expect(await contentOf(place)).toEqual(before)
  })

  it('plans the merge without writing', async () => {
    const { place, late } = await aMovedPackage({ remove: ['b'] })
    const before = await contentOf(place)
    expect(await world.ada.ok('package_update', { ...late, add: [text('e', 'e')], dry_run: true })).toMatchObject({
      dry_run: true,
      entries: 4,
    })
    expect(await contentOf(place)).toEqual(before)
  })
})
