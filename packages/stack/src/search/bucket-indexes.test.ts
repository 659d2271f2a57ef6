// The indexes of a stack: made when they are first searched, refreshed when something has changed.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseQuery } from '@quilt-mcp/core'
import { searchIndexes } from '@quilt-mcp/search-index'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPointers } from '../packages/pointers.js'
import type { ObjectStore } from '../store/object-store.js'
import { openFolder, type StoreFolder } from '../store/test/store-folder.js'
import { type BucketIndexes, bucketIndexes } from './bucket-indexes.js'

let folder: StoreFolder
let indexes: BucketIndexes
const defects: unknown[] = []

beforeEach(() => {
  folder = openFolder()
  folder.store.createBucket('alpha')
  defects.length = 0
  indexes = over(folder.store)
})
afterEach(async () => {
  await indexes.close()
  folder.remove()
})

function over(store: ObjectStore, patienceMs?: number): BucketIndexes {
  return bucketIndexes({
    store,
    pointers: readPointers(store),
    dataDir: folder.dataDir,
    onDefect: (error) => defects.push(error),
    ...(patienceMs !== undefined && { patienceMs }),
  })
}

async function keys(query = ''): Promise<readonly string[]> {
  const index = await indexes.fresh('alpha', 'objects')
  const asked = { scope: 'objects', query: parseQuery(query) } as const
  const { hits } = await searchIndexes([index], asked, { nowMs: 0 })
  return hits.flatMap((hit) => (hit.kind === 'object' ? [hit.key] : []))
}

describe('an index', () => {
  it('is made by the first search, in the data folder', async () => {
    await folder.put('a.txt', 'one')
    expect(existsSync(join(folder.dataDir, 'search'))).toBe(false)
    expect(await keys()).toEqual(['a.txt'])
    expect(existsSync(join(folder.dataDir, 'search'))).toBe(true)
  })

  it('has what was put, replaced and removed just before the search', async () => {
    await folder.put('a.txt', 'one')
    await folder.put('b.txt', 'two')
    expect(await keys('one OR three')).toEqual(['a.txt'])
    await folder.put('b.txt', 'three')
    folder.store.remove('alpha', 'a.txt')
    expect(await keys('one OR two OR three')).toEqual(['b.txt'])
  })

  it('reads nothing of the store when nothing has changed, and only what a search is about', async () => {
    const lists: unknown[] = []
    const watched: ObjectStore = {
      ...folder.store,
      list(bucket, input) {
        lists.push(input.prefix ?? '')
        return folder.store.list(bucket, input)
      },
    }
    await indexes.close()
    indexes = over(watched)
    await folder.put('a.txt', 'one')
    await keys()
    expect(lists).toEqual([''])
    await keys()
    await folder.put('.quilt/named_packages/a/b/latest', 'x')
    await keys()
    expect(lists).toEqual([''])
    await indexes.fresh('alpha', 'packages')
    expect(lists).toEqual(['', '.quilt/named_packages/'])
  })

  it('is refreshed once for all who wait', async () => {
    await folder.put('a.txt', 'one')
    expect(await Promise.all([keys(), keys(), keys()])).toEqual([['a.txt'], ['a.txt'], ['a.txt']])
  })

  it('may be deleted at any time', async () => {
    await folder.put('a.txt', 'one')
    await keys()
    rmSync(join(folder.dataDir, 'search'), { recursive: true })
    expect(await keys()).toEqual(['a.txt'])
  })

  it('is kept from run to run', async () => {
    await folder.put('a.txt', 'one')
    await keys()
    await indexes.close()
    indexes = over({
      ...folder.store,
      read: () => {
        throw new Error('read again')
      },
    })
    expect(await keys('one')).toEqual(['a.txt'])
  })
})

describe('a search', () => {
  it('does not wait for ever: it has what is there, and the rest once that is read', async () => {
    await folder.put('a.txt', 'one')
    await keys()
    await indexes.close()
    let openGate = (): void => {}
    const gate = new Promise<void>((resolve) => {
      openGate = resolve
    })
    const slow: ObjectStore = {
      ...folder.store,
      async *read(version, range) {
        await gate
        yield* folder.store.read(version, range)
      },
    }
    indexes = over(slow, 50)
    await folder.put('b.txt', 'two')
    expect(await keys()).toEqual(['a.txt'])
    openGate()
    await expect.poll(() => keys('two')).toEqual(['b.txt'])
    expect(defects).toEqual([])
  })

  it('fails when the store does, and is whole again with it', async () => {
    await folder.put('a.txt', 'one')
    let isBroken = true
    const broken: ObjectStore = {
      ...folder.store,
      list(bucket, input) {
        if (isBroken) throw new Error('the disk is gone')
        return folder.store.list(bucket, input)
      },
    }
    await indexes.close()
    indexes = over(broken)
    await expect(keys()).rejects.toThrow('the disk is gone')
    isBroken = false
    expect(await keys()).toEqual(['a.txt'])
  })
})

it('counts changes of the registry and of objects apart, for each bucket', async () => {
  folder.store.createBucket('beta')
  await folder.put('a', '1')
  await folder.put('.quilt/packages/x', '1')
  folder.store.remove('alpha', 'a')
  expect([folder.store.changes('alpha'), folder.store.changes('beta')]).toEqual([
    { registry: 1, objects: 2 },
    { registry: 0, objects: 0 },
  ])
})
