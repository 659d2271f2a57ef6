import { fromPlain, parseQuery } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import type { IndexState } from './bucket-index.js'
import { searchIndexes } from './searching/search-indexes.js'
import { anIndex } from './test/an-index.js'
import { filesOfOneByte } from './test/map-source.js'

const world = anIndex()
const { rows, values } = world
const keys = (): readonly unknown[] => values('select key from entry order by key')
const latest = (): readonly unknown[] => values('select comment from revision where is_latest order by comment')
const found = (table: string, words: string): number =>
  Number(values(`select count(*) from ${table} where ${table} match '${words}'`)[0])

it('holds each revision, and the files of the latest one', async () => {
  const { source, index } = world
  const first = source.push('lab/plates', 100, { message: 'First plates', files: { 'raw/A.csv': 1, 'raw/old.txt': 2 } })
  const second = source.push('lab/plates', 200, {
    message: 'Second',
    userMeta: { assay: 'RNA', n: 3 },
    workflow: 'alpha',
    files: { 'raw/A.csv': { size: 5, userMeta: { well: 'B2' } }, 'README.md': 7 },
  })
  const state = await index.refreshPackages()
  expect(
    rows(`select name, hash, pointer, is_latest, modified, comment, meta, workflow, size, entries from revision
      order by modified`),
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
  expect(
    rows(`select e.key, e.folded, e.ext, e.size, e.has_meta, x.rest ->> ('$[' || (e.id - x.first_entry) || '][0]') as physical_key,
       x.rest ->> ('$[' || (e.id - x.first_entry) || '][1]') as meta
     from entry e join entry_rest x on x.first_entry <= e.id order by e.id`),
  ).toEqual([
    {
      key: 'raw/A.csv',
      folded: 'raw/a.csv',
      ext: 'csv',
      size: 5,
      has_meta: 1,
      physical_key: 's3://lab-data/raw/A.csv',
      meta: '{"well":"B2"}',
    },
    {
      key: 'README.md',
      folded: 'readme.md',
      ext: 'md',
      size: 7,
      has_meta: 0,
      physical_key: 's3://lab-data/README.md',
      meta: null,
    },
  ])
  expect(rows('select path, type, number, text from revision_value order by path')).toEqual([
    { path: '/assay', type: 'keyword', number: null, text: 'rna' },
    { path: '/n', type: 'number', number: 3, text: null },
  ])
  expect(rows('select path, type, number, text from entry_value')).toEqual([
    { path: '/well', type: 'keyword', number: null, text: 'b2' },
  ])
  expect(state).toEqual({
    packagesAtMs: 1_000,
    revisionsToCome: 0,
    objects: { done: 0, of: 'objects' },
    unreadable: [],
  })
})

it('finds files by the words of their keys and metadata, and packages by those of all they hold', async () => {
  const { source, index } = world
  source.push('lab/plates', 100, { message: 'Die Größe', files: { 'old words.txt': 1 } })
  source.push('lab/plates', 200, {
    userMeta: { note: 'second best' },
    files: { 'Raw_Data/A-1.csv': { size: 5, userMeta: { well: 'B2' } } },
  })
  await index.refreshPackages()
  expect(found('entry_words', 'key: "raw data a 1 csv"')).toBe(1)
  expect(found('entry_words', 'base: "a 1 csv"')).toBe(1)
  expect(found('entry_words', 'base: raw')).toBe(0)
  expect(found('entry_words', 'meta: "well b2"')).toBe(1)
  expect(found('entry_words', 'old')).toBe(0)
  const revisions = (words: string): readonly unknown[] =>
    values(`select r.pointer from revision_words w join revision r on r.id = w.rowid >> 20
      where revision_words match '${words}' order by r.pointer`)
  expect(revisions('name: "lab plates"')).toEqual(['100', 'latest'])
  expect(revisions('comment: größe')).toEqual(['100'])
  expect(revisions('meta: "second best"')).toEqual(['latest'])
  expect(revisions('files: csv')).toEqual(['latest'])
  expect(revisions('files: old')).toEqual([])
})

it('tells of each of many files where it lies, and its own metadata', async () => {
  const { source, index } = world
  const many = Array.from({ length: 70 }, (_, n) => [`f/${n}`, { size: n, userMeta: { n } }] as const)
  source.push('lab/first', 100, { files: { 'f/before': 1 } })
  source.push('lab/many', 100, { files: Object.fromEntries(many) })
  await index.refreshPackages()
  const request = { scope: 'entries', query: parseQuery('meta:*'), limit: 100 } as const
  const { hits } = await searchIndexes([index], request, { nowMs: 0 })
  expect(hits.map((hit) => hit.kind === 'entry' && [hit.logicalKey, hit.physicalKey, hit.size, hit.userMeta])).toEqual(
    many.map(([key, { size, userMeta }]) => [key, `s3://lab-data/${key}`, size, fromPlain(userMeta)]),
  )
})

it('keeps metadata that JSON cannot say, as text', async () => {
  const { source, index } = world
  const topHash = source.push('lab/old', 100, { userMeta: { ratio: 1 }, files: {} })
  source.spoil(topHash, '{"version": "v0", "user_meta": {"ratio": NaN}, "message": null}\n')
  await index.refreshPackages()
  expect(values('select meta from revision')).toEqual(['{"ratio":"NaN"}'])
})

describe('a refresh', () => {
  it('reads nothing again that has not changed', async () => {
    const { source, index } = world
    source.push('lab/a', 100, { message: 'a1', files: { a: 1 } })
    source.push('lab/a', 101, { message: 'a2', files: { a: 2 } })
    source.push('lab/b', 100, { message: 'b1', files: { b: 1 } })
    await index.refreshPackages()
    expect(source.manifestsRead()).toHaveLength(3)
    source.pointersRead()

    await index.refreshPackages()
    expect([source.manifestsRead(), source.pointersRead()]).toEqual([[], []])

    const added = source.push('lab/b', 200, { message: 'b2', files: { b: 2, c: 3 } })
    await index.refreshPackages()
    expect(source.manifestsRead()).toEqual([added])
    expect(source.pointersRead().toSorted()).toEqual(['lab/b/200', 'lab/b/latest'])
    expect(latest()).toEqual(['a2', 'b2'])
  })

  it('gives the files to the revision that becomes the latest, and takes them from the one before', async () => {
    const { source, index } = world
    const first = source.push('lab/a', 100, { message: 'first', files: { one: 1 } })
    source.push('lab/a', 200, { message: 'second', files: { 'two.csv': 1, three: 1 } })
    await index.refreshPackages()
    expect([latest(), keys()]).toEqual([['second'], ['three', 'two.csv']])
    expect(values('select ext from entry_ext')).toEqual(['csv'])

    source.point('lab/a', 'latest', first)
    await index.refreshPackages()
    expect([latest(), keys()]).toEqual([['first'], ['one']])
    expect(rows('select * from entry_ext')).toEqual([])
    expect(values('select rest from entry_rest')).toEqual(['[["s3://lab-data/one",null]]'])
    expect(rows('select comment, pointer, modified, size from revision order by comment')).toEqual([
      { comment: 'first', pointer: 'latest', modified: 100_000, size: 1 },
      { comment: 'second', pointer: '200', modified: 200_000, size: 2 },
    ])
    expect([found('entry_words', 'two'), found('revision_words', 'files: two')]).toEqual([0, 0])
    expect([found('entry_words', 'one'), found('revision_words', 'files: one')]).toEqual([1, 1])
    expect(found('revision_words', 'comment: second')).toBe(1)
  })

  it('removes revisions and packages that nothing points to any more', async () => {
    const { source, index } = world
    source.push('lab/a', 100, { message: 'a1', files: { a: { size: 1, userMeta: { n: 1 } } } })
    source.push('lab/b', 100, { message: 'b1', files: { b: 1 } })
    source.push('lab/b', 200, { message: 'b2', files: { b: 1, c: 1 } })
    await index.refreshPackages()
    source.unpoint('lab/b', '100')
    source.unpoint('lab/a', '100')
    source.unpoint('lab/a', 'latest')
    await index.refreshPackages()
    expect(values('select comment from revision')).toEqual(['b2'])
    expect(values('select name from package')).toEqual(['lab/b'])
    expect(keys()).toEqual(['b', 'c'])
    expect(rows('select * from entry_value')).toEqual([])
    expect(values('select rest from entry_rest')).toEqual(['[["s3://lab-data/b",null],["s3://lab-data/c",null]]'])
    expect([found('revision_words', 'a1'), found('entry_words', 'a')]).toEqual([0, 0])
  })

  it('knows tags, and packages without latest', async () => {
    const { source, index } = world
    const first = source.push('lab/a', 100, { message: 'a1', files: { a: 1 } })
    source.unpoint('lab/a', 'latest')
    source.point('lab/a', 'stable', first)
    source.unpoint('lab/a', '100')
    await index.refreshPackages()
    expect(rows('select pointer, is_latest, modified from revision')).toEqual([
      { pointer: 'stable', is_latest: 0, modified: null },
    ])
    expect(keys()).toEqual([])
  })

  it('brings what is latest first, and tells how far it has come', async () => {
    const { source, index } = world
    for (const name of ['lab/a', 'lab/b', 'lab/c']) {
      for (let time = 100; time < 105; time++)
        source.push(name, time, { message: `${name} ${time}`, files: { x: time } })
    }
    expect(index.state().packages).toEqual({ done: 0, of: 'packages' })
    const states: IndexState[] = []
    await index.refreshPackages({ onProgress: (state) => states.push(state) })
    const latestIn = states.findIndex(({ packages }) => packages === undefined)
    expect(states[latestIn]).toMatchObject({ packagesAtMs: 1_000 })
    expect(states.slice(0, latestIn).every(({ packages }) => packages?.total === 3)).toBe(true)
    expect(states.slice(latestIn).some(({ revisionsToCome }) => revisionsToCome > 0)).toBe(true)
    expect(states.at(-1)).toMatchObject({ revisionsToCome: 0 })
    expect(values('select count(*) from revision')).toEqual([15])
  })

  it('shows a package of many files whole or not at all', async () => {
    const { source, index } = world
    source.push('lab/large', 100, { files: filesOfOneByte(9_000) })
    const counts = new Set<unknown>()
    let isRunning = true
    const watching = (async () => {
      while (isRunning) {
        for (const count of values('select count(*) from entry')) counts.add(count)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await index.refreshPackages()
    isRunning = false
    await watching
    for (const count of values('select count(*) from entry')) counts.add(count)
    expect([...counts]).toEqual([0, 9_000])
    expect(found('revision_words', 'files: 8999')).toBe(1)
    expect(rows('select first_entry, last_entry, entries, size from revision')).toEqual([
      { first_entry: 1, last_entry: 9_000, entries: 9_000, size: 9_000 },
    ])
  })

  it('ends when it is told to, keeps what it has, and goes on there the next time', async () => {
    const { source, index } = world
    for (let n = 0; n < 40; n++) source.push(`lab/p${n}`, 100, { message: `${n}`, files: filesOfOneByte(600) })
    const stop = new AbortController()
    const reason = new Error('enough')
    await expect(index.refreshPackages({ signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(
      reason,
    )
    const kept = latest().length
    expect(values('select count(*) from entry')).toEqual([kept * 600])
    expect(index.state().packages).toMatchObject({ total: 40 })
    source.manifestsRead()
    await index.refreshPackages()
    expect(source.manifestsRead()).toHaveLength(40 - kept)
    expect(latest()).toHaveLength(40)
  })
})
