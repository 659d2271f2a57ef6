import { type Entry, emptyJsonObject } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createEntryCache } from './entry-cache.js'

const revision = { bucket: 'lab-a', name: 'a/b', topHash: 'f'.repeat(64), modified: '2026-01-01T00:00:00.000Z' }
const entry: Entry = {
  logicalKey: 'a.txt',
  physicalKey: 's3://lab-a/a.txt',
  size: 5,
  hash: { type: 'SHA256', value: '0'.repeat(64) },
  meta: emptyJsonObject,
}

/** Counts how often entries are read. */
function counted(entries: readonly Entry[] = [entry]) {
  let times = 0
  return {
    times: () => times,
    read: async () => {
      times += 1
      return entries
    },
  }
}

describe('the entries of revisions', () => {
  it('are read once', async () => {
    const cache = createEntryCache().part()
    const { read, times } = counted()
    expect(cache.get(revision)).toBeUndefined()
    expect([await cache.load(revision, read), await cache.load(revision, read)]).toEqual([[entry], [entry]])
    expect([times(), cache.get(revision)]).toEqual([1, [entry]])
  })

  it('are not kept when there are more than fit', async () => {
    const cache = createEntryCache({ maxEntries: 2 }).part()
    const { read, times } = counted([entry, entry, entry])
    await cache.load(revision, read)
    await cache.load(revision, read)
    expect(times()).toBe(2)
  })

  it('are gone when they were cleared, also those that were being read then', async () => {
    const cache = createEntryCache().part()
    const { read, times } = counted()
    await cache.load(revision, read)
    cache.clear()
    expect(cache.get(revision)).toBeUndefined()
    await cache.load(revision, async () => {
      cache.clear()
      return read()
    })
    expect([times(), cache.get(revision)]).toEqual([2, undefined])
  })

  it('are seen by nobody but who kept them, in a room for all', async () => {
    const room = createEntryCache()
    const [ada, grace] = [room.part(), room.part()]
    await ada.load(revision, counted().read)
    expect(grace.get(revision)).toBeUndefined()
    const { read, times } = counted([])
    expect(await grace.load(revision, read)).toEqual([])
    ada.clear()
    const another = room.part()
    expect([ada.get(revision), grace.get(revision), another.get(revision), times()]).toEqual([
      undefined,
      [],
      undefined,
      1,
    ])
  })

  it('are kept beside their directories, which count as much, and are forgotten with them', async () => {
    const cache = createEntryCache({ maxEntries: 4 }).part()
    const children = [{ kind: 'directory', name: 'data', logicalKey: 'data/' }] as const
    let times = 0
    const read = async () => {
      times += 1
      return children
    }
    await cache.load(revision, counted().read)
    for (const path of ['', '', 'data']) expect(await cache.loadDirectory(revision, path, read)).toBe(children)
    expect([times, cache.get(revision)]).toEqual([2, undefined])
    cache.clear()
    await cache.loadDirectory(revision, 'data', read)
    expect(times).toBe(3)
  })

  it('do not say which directories there are not', async () => {
    const cache = createEntryCache().part()
    let times = 0
    const read = async () => {
      times += 1
      return undefined
    }
    for (const path of ['none', 'none']) expect(await cache.loadDirectory(revision, path, read)).toBeUndefined()
    expect(times).toBe(2)
  })

  it('leave when others need the room', async () => {
    const room = createEntryCache({ maxEntries: 4 })
    const parts = [room.part(), room.part(), room.part()]
    for (const part of parts) await part.load(revision, counted().read)
    expect(parts.map((part) => part.get(revision))).toEqual([undefined, [entry], [entry]])
  })
})
