// A registry as its search index reads it.
import { expect, it } from 'vitest'
import { fileObjects } from '../../objects/files.js'
import { memoryStore } from '../../test/memory-store.js'
import { all } from '../../test/store-world.js'
import { searchSource } from './search-settings.js'

const topHash = 'a'.repeat(64)

/** A bucket, and what an index of it is made from. */
async function aRegistry(searchContent?: boolean) {
  const store = memoryStore('s3://lab-data')
  const objects = fileObjects([{ name: 'lab-data', root: '/', store }])
  return { store, source: await searchSource({ bucket: 'lab-data', store, objects }, { searchContent }) }
}

it('lists the pointers of packages, each with a stamp that changes with it', async () => {
  const { store, source } = await aRegistry()
  store.plant('.quilt/named_packages/lab/plates/latest', topHash)
  store.plant('.quilt/named_packages/lab/plates/1700000000', topHash)
  store.plant('.quilt/named_packages/no-package', 'x')
  const [older, latest, ...others] = await all(source.pointers({}))
  expect([older, latest, others]).toMatchObject([
    { name: 'lab/plates', pointer: '1700000000' },
    { name: 'lab/plates', pointer: 'latest' },
    [],
  ])
  store.plant('.quilt/named_packages/lab/plates/latest', topHash)
  const again = await all(source.pointers({}))
  expect(again[0]?.stamp).toBe(older?.stamp)
  expect(again[1]?.stamp).not.toBe(latest?.stamp)
})

it('reads pointers and manifests; what is gone is none', async () => {
  const { store, source } = await aRegistry()
  store.plant('.quilt/named_packages/lab/plates/latest', topHash)
  store.plant(`.quilt/packages/${topHash}`, '{"version": "v0"}\n')
  expect(await source.topHash('lab/plates', 'latest', {})).toBe(topHash)
  expect(await source.topHash('lab/gone', 'latest', {})).toBeUndefined()
  expect(await source.manifest(topHash, {})).toBeDefined()
  expect(await source.manifest('b'.repeat(64), {})).toBeUndefined()
})

it('lists objects without what is the registry’s own', async () => {
  const { store, source } = await aRegistry()
  store.plant('.quilt/packages/x', '')
  store.plant('plates/1.csv', 'a,b')
  expect(await all(source.objects({}))).toMatchObject([
    { key: 'plates/1.csv', size: 3, modifiedMs: expect.any(Number) },
  ])
})

it('reads the text of small text files where content is searched, and of no others', async () => {
  const { store, source } = await aRegistry(true)
  store.plant('plates/notes.txt', 'of the plates')
  store.plant('plates/binary.txt', 'a\0b')
  store.plant('plates/1.tif', 'II')
  const objects = await all(source.objects({}))
  const texts = await Promise.all(objects.map(async (object) => [object.key, await source.text?.(object, {})]))
  expect(Object.fromEntries(texts)).toEqual({
    'plates/1.tif': undefined,
    'plates/binary.txt': undefined,
    'plates/notes.txt': 'of the plates',
  })
  expect((await aRegistry()).source.text).toBeUndefined()
})
