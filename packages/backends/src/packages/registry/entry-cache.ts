// Keeps the complete entries of revisions that were just read. One cache for one principal.
import type { Entry } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { Revision } from '../port.js'

export interface EntryCache {
  get(revision: Revision): readonly Entry[] | undefined
  /** The kept entries, or those that `read` gives: kept when they are at most `maxEntries`, and nothing was forgotten meanwhile. */
  load(revision: Revision, read: () => Promise<readonly Entry[]>): Promise<readonly Entry[]>
  /** Forgets all: the principal acts in another role. */
  clear(): void
}

const keptMs = 300_000

/** @param maxEntries entries of all kept revisions together. Default 50,000. */
export function entryCache(maxEntries = 50_000): EntryCache {
  const kept = new LRUCache<string, readonly Entry[]>({
    maxSize: maxEntries,
    sizeCalculation: (entries) => entries.length + 1,
    // A revision's entries never change, but for physical keys: a later push with the same top hash rewrites them (formats.md 3.1).
    ttl: keptMs,
  })
  const keyOf = ({ bucket, name, topHash }: Revision) => `${bucket}/${name}@${topHash}`
  let age = 0
  return {
    get: (revision) => kept.get(keyOf(revision)),
    async load(revision, read) {
      const known = kept.get(keyOf(revision))
      if (known !== undefined) return known
      const begunAt = age
      const entries = await read()
      if (age === begunAt) kept.set(keyOf(revision), entries)
      return entries
    },
    clear() {
      age += 1
      kept.clear()
    },
  }
}
