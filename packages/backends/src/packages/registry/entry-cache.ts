// Keeps the complete entries of revisions that were just read. One cache for one principal.
import type { Entry } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { Revision } from '../port.js'

export interface EntryCache {
  get(revision: Revision): readonly Entry[] | undefined
  /** Keeps entries of at most `maxEntries`; larger revisions are not kept. */
  set(revision: Revision, entries: readonly Entry[]): void
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
  return {
    get: (revision) => kept.get(keyOf(revision)),
    set: (revision, entries) => void kept.set(keyOf(revision), entries),
  }
}
