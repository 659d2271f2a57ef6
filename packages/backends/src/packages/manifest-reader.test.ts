import { describe, expect, it } from 'vitest'
import type { PackageReader } from '../backend.js'
import { refusalOf } from '../test/collect.js'
import { helloAt, manifestWorld } from '../test/manifest-world.js'
import { entriesOf } from '../test/packages.js'

const ref = { bucket: 'bkt', name: 'lab/cells' }
const keysOfFolder = (folder: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${folder}/f${String(index).padStart(5, '0')}.csv`)

/** A package of so many files in each of two folders, opened by a caller who has not looked into it yet. */
async function opened(filesInFolder: number) {
  const { packages, store } = manifestWorld()
  const keys = [...keysOfFolder('data', filesInFolder), ...keysOfFolder('raw/deep', filesInFolder), 'readme.md']
  const { revision } = await packages.push({ ...ref, entries: keys.map((key) => helloAt(key)), message: 'm' })
  const open = () => packages.open({ ...ref, topHash: revision.topHash })
  return { keys, store, open }
}

const few = 3
/** So many lines are more than what is read with the header. */
const many = 2_000

describe.each([
  ['short', few],
  ['long', many],
])('a %s manifest', (_what, files) => {
  it('lists directories in pages, with their total', async () => {
    const { open } = await opened(files)
    const reader = await open()
    expect(namesOf(await reader.dir(''))).toEqual(['data', 'raw', 'readme.md'])
    const first = await reader.dir('raw/deep/', { limit: 2 })
    expect([namesOf(first), first.total]).toEqual([['f00000.csv', 'f00001.csv'], files])
    expect(namesOf(await reader.dir('raw/deep', { limit: 1, cursor: first.cursor }))).toEqual(['f00002.csv'])
  })

  it('gives all entries, and one, as they were pushed', async () => {
    const { open, keys } = await opened(files)
    const reader = await open()
    expect((await entriesOf(reader)).map(({ logicalKey }) => logicalKey)).toEqual(keys)
    expect(await reader.entry('data/f00002.csv')).toEqual({ ...helloAt('data/f00002.csv'), meta: new Map() })
  })

  it.each([
    ['data/f00002.cvs', 'There is no data/f00002.cvs in', ['data/f00002.csv']],
    ['data', 'data in lab/cells@', undefined],
    ['nowhere/x', 'There is no nowhere/x in', undefined],
  ])('says what is near %s, which it does not have', async (path, message, near) => {
    const { open } = await opened(files)
    const refusal = await refusalOf((await open()).entry(path))
    expect([refusal.code, refusal.message]).toEqual(['not_found', expect.stringContaining(message)])
    expect(refusal.details).toMatchObject({
      missing: 'path',
      path,
      ...(near && { near: expect.arrayContaining(near) }),
    })
  })

  it('refuses a file as a directory', async () => {
    const { open } = await opened(files)
    const refusal = await refusalOf((await open()).dir('readme.md'))
    expect(refusal.message).toContain('is a file, not a directory')
  })
})

describe('a long manifest', () => {
  it('is read once; the next caller reads its head and what is shown', async () => {
    const { open, store } = await opened(many)
    const look = async (reader: PackageReader) => namesOf(await reader.dir('raw/deep', { limit: 2 }))
    const whole = await look(await open())
    store.calls.length = 0
    const before = store.bytesRead()
    expect(await look(await open())).toEqual(whole)
    expect(store.calls.filter((call) => call.startsWith('read')).length).toBe(2)
    // 256 KiB of head, and two lines.
    expect(store.bytesRead() - before).toBeLessThan(262_144 + 1_000)
  })

  it('is summed up', async () => {
    const { open } = await opened(many)
    expect(await (await open()).summary?.()).toEqual({
      entries: 2 * many + 1,
      bytes: 5 * (2 * many + 1),
      directories: 3,
      extensions: [
        { extension: 'csv', entries: 2 * many, bytes: 10 * many },
        { extension: 'md', entries: 1, bytes: 5 },
      ],
    })
  })

  it('that is rewritten while it is open is looked at again', async () => {
    const { open, store, keys } = await opened(many)
    const reader = await open()
    await reader.dir('')
    const [manifest = ''] = Object.keys(store.texts()).filter((key) => key.startsWith('.quilt/packages/'))
    const text = store.texts()[manifest] ?? ''
    await store.write(manifest, Buffer.from(text.replaceAll('?versionId=v1', '?versionId=version2')))
    expect(await reader.entry('readme.md')).toMatchObject({ physicalKey: 's3://bkt/readme.md?versionId=version2' })
    expect((await entriesOf(reader)).length).toBe(keys.length)
  })
})

const namesOf = ({ items }: { readonly items: readonly { readonly name: string }[] }) => items.map(({ name }) => name)
