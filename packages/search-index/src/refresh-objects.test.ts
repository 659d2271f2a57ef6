import { expect, it } from 'vitest'
import { anIndex } from './test/an-index.js'

const world = anIndex()
const { rows, values } = world
const found = (words: string): readonly unknown[] =>
  values(`select o.key from object_words w join object o on o.id = w.rowid
    where object_words match '${words}' order by o.key`)
const object = (key: string, stamp: string) => ({ key, size: 7, modifiedMs: 5_000, versionId: `v-${stamp}`, stamp })

it('holds the objects with the words of their keys and texts', async () => {
  const { source, index } = world
  source.put(object('Raw/Plate_1.CSV', '1'), 'Sample, Größe')
  source.put(object('notes', '1'))
  expect(index.state().objects).toEqual({ done: 0, of: 'objects' })
  const state = await index.refreshObjects()
  expect(state).toEqual({
    packages: { done: 0, of: 'packages' },
    revisionsToCome: 0,
    objectsAtMs: 1_000,
    unreadable: [],
  })
  expect(rows('select key, folded, ext, size, modified, version_id from object order by key')).toEqual([
    {
      key: 'Raw/Plate_1.CSV',
      folded: 'raw/plate_1.csv',
      ext: 'csv',
      size: 7,
      modified: 5_000,
      version_id: 'v-1',
    },
    { key: 'notes', folded: null, ext: null, size: 7, modified: 5_000, version_id: 'v-1' },
  ])
  expect(found('content: größe')).toEqual(['Raw/Plate_1.CSV'])
  expect(found('key: "raw plate"')).toEqual(['Raw/Plate_1.CSV'])
  expect(found('base: raw')).toEqual([])
})

it('brings up to date what has changed, and removes what is gone', async () => {
  const { source, index } = world
  source.put(object('a', '1'), 'first')
  source.put(object('b', '1'), 'stays')
  source.put(object('c', '1'), 'goes')
  await index.refreshObjects()
  source.put(object('a', '2'), 'second')
  source.put(object('b', '1'), 'is not read again')
  source.remove('c')
  await index.refreshObjects()
  expect(rows('select key, version_id from object order by key')).toEqual([
    { key: 'a', version_id: 'v-2' },
    { key: 'b', version_id: 'v-1' },
  ])
  expect([found('first'), found('second'), found('stays'), found('goes')]).toEqual([[], ['a'], ['b'], []])
})

it('indexes at most 64 Ki characters of a text', async () => {
  const { source, index } = world
  source.put(object('long', '1'), `${'x '.repeat(32_768)}behind`)
  source.put(object('short', '1'), `${'x '.repeat(1_000)}behind`)
  await index.refreshObjects()
  expect(found('behind')).toEqual(['short'])
})

it('finds an object by its key whose text cannot be read, and asks for the text again', async () => {
  const { source, index } = world
  source.put(object('some/notes', '1'), 'unreadable')
  await index.refreshObjects()
  expect(found('notes')).toEqual(['some/notes'])
  source.put(object('some/notes', '1'), 'better')
  await index.refreshObjects()
  expect(found('better')).toEqual(['some/notes'])
})

it('holds thousands', async () => {
  const { source, index } = world
  for (let n = 0; n < 3_000; n++) source.put(object(`k/${n}`, '1'))
  await index.refreshObjects()
  for (let n = 0; n < 2_500; n++) source.remove(`k/${n}`)
  await index.refreshObjects()
  expect(values('select count(*) from object')).toEqual([500])
  expect([found('2499'), found('2500')]).toEqual([[], ['k/2500']])
})
