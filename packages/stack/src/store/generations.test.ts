import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDiskStore } from './disk-store.js'
import { openFolder, type StoreFolder, textOf } from './test/store-folder.js'

let folder: StoreFolder

beforeEach(() => {
  folder = openFolder()
  folder.store.createBucket('alpha')
})
afterEach(() => folder.remove())

describe('opening', () => {
  it('finds everything of the run before', async () => {
    const version = await folder.put('a.txt', 'kept')
    folder.reopen()
    expect(folder.store.head('alpha', 'a.txt')).toEqual(version)
    expect(await textOf(folder.store, version)).toBe('kept')
    expect(folder.store.bucketNames()).toEqual(['alpha'])
  })

  it('removes bytes that no version names, and half-written files, after a run that was not closed', async () => {
    await folder.put('a.txt', 'kept')
    const [kept = ''] = folder.files()
    const generation = basename(dirname(dirname(kept)))
    writeFileSync(join(dirname(kept), 'unnamed'), 'bytes before their row')
    writeFileSync(join(folder.dataDir, 'objects', 'tmp', 'started'), 'half')
    folder.reopen((db) => db.prepare('insert into s3_generations values (?)').run(generation)) // as kill -9 leaves it
    expect(folder.files()).toEqual([kept])
  })

  it('removes bytes whose version went when the process was killed before it could', async () => {
    const version = await folder.put('a.txt', 'removed')
    const [path = ''] = folder.files()
    const left = readFileSync(path)
    folder.store.remove('alpha', 'a.txt', version.versionId)
    const blob = relative(join(folder.dataDir, 'objects'), path).split(sep).join('/')
    folder.reopen((db) => {
      writeFileSync(path, left)
      db.prepare('insert into s3_garbage values (?)').run(blob)
    })
    expect(folder.files()).toEqual([])
  })

  it('is refused with conflict while another has the folder', () => {
    const { dataDir, db } = folder
    expect(() => openDiskStore({ db, dataDir })).toThrow(
      expect.objectContaining({ name: 'QuiltError', code: 'conflict' }),
    )
  })
})
