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

  it('leave when others need the room', async () => {
    const room = createEntryCache({ maxEntries: 4 })
    const parts = [room.part(), room.part(), room.part()]
    for (const part of parts) await part.load(revision, counted().read)
    expect(parts.map((part) => part.get(revision))).toEqual([undefined, [entry], [entry]])
  })
})
