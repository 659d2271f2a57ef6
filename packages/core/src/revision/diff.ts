// What differs between two revisions: by size, hash and metadata; where the bytes lie does not count (formats.md 4.1).
import { sameJson } from '../json/same.js'
import type { Entry } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'
import { alignEntries, type EntryBatches } from './align.js'

/** What differs in an entry. `hash_type`: the hashes are of two types, so that nobody can tell whether the bytes differ. */
export type EntryDifference = 'size' | 'hash' | 'metadata' | 'hash_type'

/** How one path differs between two revisions. */
export interface EntryChange {
  /** `undecided`: same size, but hashes of two types. */
  readonly change: 'added' | 'removed' | 'modified' | 'moved' | 'undecided'
  /** Logical key; of a removed entry the key it had. */
  readonly path: string
  /** Where it was: of a moved entry. */
  readonly from?: string
  /** Size in bytes now; of a removed entry the size it had. */
  readonly size: number
  /** Size before, where it differs. */
  readonly sizeBefore?: number
  /** What differs: of modified, moved and undecided entries. */
  readonly differs?: readonly EntryDifference[]
}

/** All that differs between two revisions. */
export interface RevisionDiff {
  /** In tree order. */
  readonly changes: readonly EntryChange[]
  /** Entries that are the same on both sides. */
  readonly unchanged: number
}

/**
 * Compares two revisions, read once, side by side; holds only the differences.
 * @param base the older side, in tree order
 * @param target the newer side, in tree order
 * @throws {QuiltError} `invalid_input` when a side is not in tree order; what the sources throw
 */
export async function diffEntries(base: EntryBatches, target: EntryBatches): Promise<RevisionDiff> {
  const found = differencesFound()
  for await (const rows of alignEntries([base, target])) for (const [old, fresh] of rows) found.add(old, fresh)
  return found.finish()
}

/** Collects what differs, path by path in tree order. */
export function differencesFound() {
  const [added, removed, changes]: [Entry[], Entry[], EntryChange[]] = [[], [], []]
  let unchanged = 0
  return {
    /** What two revisions have under one key. */
    add(old: Entry | undefined, fresh: Entry | undefined): void {
      if (old === undefined) {
        if (fresh !== undefined) added.push(fresh)
      } else if (fresh === undefined) removed.push(old)
      else if (isSame(old, fresh)) unchanged++
      else changes.push(modification(old, fresh))
    },
    /** So many entries that are known to be the same. */
    addUnchanged(count: number): void {
      unchanged += count
    },
    finish(): RevisionDiff {
      changes.push(...arrivals(added, removed))
      return { changes: changes.sort((a, b) => compareLogicalKeys(a.path, b.path)), unchanged }
    },
  }
}

/** Most entries are: asked first, and without building anything. */
const isSame = (old: Entry, fresh: Entry): boolean =>
  old.size === fresh.size &&
  old.hash.value === fresh.hash.value &&
  old.hash.type === fresh.hash.type &&
  sameJson(old.meta, fresh.meta)

function modification(old: Entry, fresh: Entry): EntryChange {
  const differs = differences(old, fresh)
  const isUndecided = differs.every((one) => one === 'hash_type')
  return {
    change: isUndecided ? 'undecided' : 'modified',
    path: fresh.logicalKey,
    size: fresh.size,
    ...(old.size !== fresh.size && { sizeBefore: old.size }),
    differs,
  }
}

function differences(old: Entry, fresh: Entry): readonly EntryDifference[] {
  const differs: EntryDifference[] = []
  if (old.size !== fresh.size) differs.push('size')
  if (old.hash.type === fresh.hash.type) {
    if (old.hash.value !== fresh.hash.value) differs.push('hash')
  } else if (old.size === fresh.size) differs.push('hash_type')
  if (!sameJson(old.meta, fresh.meta)) differs.push('metadata')
  return differs
}

/** Added and removed entries; an added one with the size and hash of a removed one is a move. Each is used once. */
function arrivals(added: readonly Entry[], removed: readonly Entry[]): readonly EntryChange[] {
  const gone = new Map<string, Entry[]>()
  for (const entry of removed.toReversed()) {
    const same = gone.get(contentOf(entry))
    if (same) same.push(entry)
    else gone.set(contentOf(entry), [entry])
  }
  const moved = new Set<Entry>()
  const arrived = added.map((entry): EntryChange => {
    const old = gone.get(contentOf(entry))?.pop()
    if (old === undefined) return { change: 'added', path: entry.logicalKey, size: entry.size }
    moved.add(old)
    return {
      change: 'moved',
      path: entry.logicalKey,
      from: old.logicalKey,
      size: entry.size,
      ...(!sameJson(old.meta, entry.meta) && { differs: ['metadata'] as const }),
    }
  })
  const left = removed.filter((entry) => !moved.has(entry))
  return [
    ...arrived,
    ...left.map(({ logicalKey, size }): EntryChange => ({ change: 'removed', path: logicalKey, size })),
  ]
}

const contentOf = ({ hash, size }: Entry): string => `${hash.type} ${hash.value} ${size}`
