// Keeps the complete entries and the directories of revisions that were just read: in one room for all principals of a process, so that
// together they stay below one bound; each sees its own alone. It allows nothing: who opens a revision has asked the registry before.
import type { Entry } from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { DirItem, Revision } from '../port.js'

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
  /** The children of one directory, kept as entries are. A directory that is not there is asked for each time. */
  loadDirectory(
    revision: Revision,
    path: string,
    read: () => Promise<readonly DirItem[] | undefined>,
  ): Promise<readonly DirItem[] | undefined>
  /** Forgets all: the principal acts in another role. */
  clear(): void
}

export interface EntryCacheOptions {
  /** Entries of all kept revisions and children of all kept directories together, about half a kilobyte each. Default 50,000. */
  readonly maxEntries?: number | undefined
}

const keptMs = 300_000

type Kept =
  | { readonly kind: 'entries'; readonly items: readonly Entry[] }
  | { readonly kind: 'directory'; readonly items: readonly DirItem[] }

/** Makes the room. Share one in a process. */
export function createEntryCache({ maxEntries = 50_000 }: EntryCacheOptions = {}): EntryCache {
  const kept = new LRUCache<string, Kept>({
    maxSize: maxEntries,
    sizeCalculation: ({ items }) => items.length + 1,
    // A revision's entries never change, but for physical keys: a later push with the same top hash rewrites them (formats.md 3.1).
    ttl: keptMs,
  })
  const entriesAt = (key: string): readonly Entry[] | undefined => {
    const known = kept.get(key)
    return known?.kind === 'entries' ? known.items : undefined
  }
  let parts = 0
  return {
    part() {
      const next = () => (parts += 1)
      /** What is kept under another number is out of reach, for good. */
      let own = next()
      const keyOf = ({ bucket, name, topHash }: Revision) => `${own} ${bucket}/${name}@${topHash}`
      return {
        get: (revision) => entriesAt(keyOf(revision)),
        async load(revision, read) {
          const key = keyOf(revision)
          const known = entriesAt(key)
          if (known !== undefined) return known
          const items = await read()
          kept.set(key, { kind: 'entries', items })
          return items
        },
        async loadDirectory(revision, path, read) {
          const key = `${keyOf(revision)} ${path}`
          const known = kept.get(key)
          if (known?.kind === 'directory') return known.items
          const items = await read()
          if (items !== undefined) kept.set(key, { kind: 'directory', items })
          return items
        },
        clear() {
          own = next()
        },
      }
    },
  }
}
