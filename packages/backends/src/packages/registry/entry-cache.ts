// Keeps the complete entries of revisions that were just read: in one room for all principals of a process, so that together they stay
// below one bound; each sees its own alone.
import type { Entry } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { Revision } from '../port.js'

/** Room for what backends keep; the least recently used leaves. */
export interface EntryCache {
  /** A part that nobody else sees. */
  part(): EntryCachePart
}

/** What one principal keeps. */
export interface EntryCachePart {
  get(revision: Revision): readonly Entry[] | undefined
  /** The kept entries, or those that `read` gives: kept when there is room, and nothing was forgotten meanwhile. */
  load(revision: Revision, read: () => Promise<readonly Entry[]>): Promise<readonly Entry[]>
  /** Forgets all: the principal acts in another role. */
  clear(): void
}

export interface EntryCacheOptions {
  /** Entries of all kept revisions together, about half a kilobyte each. Default 50,000. */
  readonly maxEntries?: number | undefined
}

const keptMs = 300_000

/** Makes the room. Share one in a process. */
export function createEntryCache({ maxEntries = 50_000 }: EntryCacheOptions = {}): EntryCache {
  const kept = new LRUCache<string, readonly Entry[]>({
    maxSize: maxEntries,
    sizeCalculation: (entries) => entries.length + 1,
    // A revision's entries never change, but for physical keys: a later push with the same top hash rewrites them (formats.md 3.1).
    ttl: keptMs,
  })
  let parts = 0
  return {
    part() {
      const next = () => (parts += 1)
      /** What is kept under another number is out of reach, for good. */
      let own = next()
      const keyOf = ({ bucket, name, topHash }: Revision) => `${own} ${bucket}/${name}@${topHash}`
      return {
        get: (revision) => kept.get(keyOf(revision)),
        async load(revision, read) {
          const key = keyOf(revision)
          const known = kept.get(key)
          if (known !== undefined) return known
          const entries = await read()
          kept.set(key, entries)
          return entries
        },
        clear() {
          own = next()
        },
      }
    },
  }
}
