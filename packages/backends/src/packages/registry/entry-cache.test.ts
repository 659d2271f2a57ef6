import { type Entry, emptyJsonObject } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { entryCache } from './entry-cache.js'

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
    const cache = entryCache()
    const { read, times } = counted()
    expect(cache.get(revision)).toBeUndefined()
    expect([await cache.load(revision, read), await cache.load(revision, read)]).toEqual([[entry], [entry]])
    expect([times(), cache.get(revision)]).toEqual([1, [entry]])
  })

  it('are not kept when there are more than fit', async () => {
    const cache = entryCache(2)
    const { read, times } = counted([entry, entry, entry])
    await cache.load(revision, read)
    await cache.load(revision, read)
    expect(times()).toBe(2)
  })

  it('are gone when they were cleared, also those that were being read then', async () => {
    const cache = entryCache()
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
})
