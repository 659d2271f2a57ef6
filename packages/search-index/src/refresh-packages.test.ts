import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BucketIndex } from './bucket-index.js'
import { openBucketIndex } from './open-index.js'
import { type MapSource, mapSource } from './test/map-source.js'

let folder: string
let source: MapSource
let index: BucketIndex

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quilt-index-'))
  source = mapSource()
  index = await openBucketIndex({ folder, id: 'lab', source, now: () => 1_000 })
})
afterEach(() => {
  index.close()
  rmSync(folder, { recursive: true })
})
const all = (sql: string): readonly unknown[] => index.db.prepare(sql).all()
const one = (sql: string): unknown => index.db.prepare(sql).pluck().all()[0]

it('holds each revision and the files of the latest one', async () => {
  const first = source.push('lab/plates', 100, { message: 'First plates', files: { 'raw/A.csv': 1, 'raw/old.txt': 2 } })
  const second = source.push('lab/plates', 200, {
    message: 'Second',
    userMeta: { assay: 'RNA', n: 3 },
    workflow: 'alpha',
    files: { 'raw/A.csv': { size: 5, userMeta: { well: 'B2' } }, 'README.md': 7 },
  })
  await index.refreshPackages()
  expect(
    all(
      'select name, hash, pointer, is_latest, modified, comment, meta, workflow, size, entries from revision order by modified',
    ),
  ).toEqual([
    {
      name: 'lab/plates',
      hash: first,
      pointer: '100',
      is_latest: 0,
      modified: 100_000,
      comment: 'First plates',
      meta: null,
      workflow: null,
      size: 3,
      entries: 2,
    },
    {
      name: 'lab/plates',
      hash: second,
      pointer: 'latest',
      is_latest: 1,
      modified: 200_000,
      comment: 'Second',
      meta: '{"assay":"RNA","n":3}',
      workflow: 'alpha',
      size: 12,
      entries: 2,
    },
  ])
  expect(all('select key, folded, ext, size, physical_key, meta from entry order by id')).toEqual([
    {
      key: 'raw/A.csv',
      folded: 'raw/a.csv',
      ext: 'csv',
      size: 5,
      physical_key: 's3://lab-data/raw/A.csv',
      meta: '{"well":"B2"}',
    },
    { key: 'README.md', folded: 'readme.md', ext: 'md', size: 7, physical_key: 's3://lab-data/README.md', meta: null },
  ])
  expect(
    all("select e.key from entry_words w join entry e on e.id = w.rowid where entry_words match 'base: a + csv'"),
  ).toEqual([{ key: 'raw/A.csv' }])
  expect(
    all(
      "select r.comment from revision_words w join revision r on r.id = w.rowid >> 20 where revision_words match 'files: readme'",
    ),
  ).toEqual([{ comment: 'Second' }])
  expect(all('select path, type, number, text from revision_value order by path')).toEqual([
    { path: '/assay', type: 'keyword', number: null, text: 'rna' },
    { path: '/n', type: 'number', number: 3, text: null },
  ])
  expect(one('select count(*) from entry_value')).toBe(1)
  expect(index.state()).toEqual({
    packagesAtMs: 1_000,
    revisionsToCome: 0,
    objects: { done: 0, of: 'objects' },
    unreadable: [],
  })
})
