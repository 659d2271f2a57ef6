// What differs between two revisions: by size, hash and metadata; where the bytes lie does not count (formats.md 4.1).
// Both are read once, in tree order; only the differences are held.
import { compareLogicalKeys, type Entry, encodeCanonicalJson, type JsonObject } from '@quilt-mcp/core'

/** What differs in an entry. `hash_type`: the hashes are of two types, so that nobody can tell whether the bytes differ. */
type Difference = 'size' | 'hash' | 'metadata' | 'hash_type'

export interface EntryChange {
  /** `undecided`: same size, but hashes of two types. */
  readonly change: 'added' | 'removed' | 'modified' | 'moved' | 'undecided'
  readonly path: string
  /** Where it was: of a moved entry. */
  readonly from?: string
  /** Size now; of a removed entry the size it had. */
  readonly size: number
  /** Size before, where it differs. */
  readonly sizeBefore?: number
  /** What differs: of modified, moved and undecided entries. */
  readonly differs?: readonly Difference[]
}

export interface RevisionDiff {
  /** In tree order. */
  readonly changes: readonly EntryChange[]
  readonly unchanged: number
}

type Entries = AsyncIterable<readonly Entry[]>

/** Compares two revisions. Both must come in tree order. */
export async function diffEntries(base: Entries, target: Entries): Promise<RevisionDiff> {
  const [before, after] = [walk(base), walk(target)]
  const [added, removed, changes]: [Entry[], Entry[], EntryChange[]] = [[], [], []]
  let unchanged = 0
  try {
    for (;;) {
      if (before.current() === undefined) await before.fill()
      if (after.current() === undefined) await after.fill()
      const [old, fresh] = [before.current(), after.current()]
      if (old === undefined && fresh === undefined) break
      const order =
        old === undefined ? 1 : fresh === undefined ? -1 : compareLogicalKeys(old.logicalKey, fresh.logicalKey)
      if (order <= 0) before.step()
      if (order >= 0) after.step()
      if (order < 0 && old !== undefined) removed.push(old)
      if (order > 0 && fresh !== undefined) added.push(fresh)
      if (order !== 0 || old === undefined || fresh === undefined) continue
      const change = modification(old, fresh)
      if (change === undefined) unchanged++
      else changes.push(change)
    }
  } finally {
    await Promise.all([before.close(), after.close()])
  }
  changes.push(...arrivals(added, removed))
  return { changes: changes.sort((a, b) => compareLogicalKeys(a.path, b.path)), unchanged }
}

/** Steps through batches entry by entry; only `fill` waits. */
function walk(entries: Entries) {
  const iterator = entries[Symbol.asyncIterator]()
  let batch: readonly Entry[] = []
  let at = 0
  let isDone = false
  return {
    current: (): Entry | undefined => batch[at],
    step: (): void => void at++,
    async fill(): Promise<void> {
      while (at >= batch.length && !isDone) {
        const next = await iterator.next()
        isDone = next.done === true
        batch = next.done === true ? [] : next.value
        at = 0
      }
    },
    async close(): Promise<void> {
      if (!isDone) await iterator.return?.()
    },
  }
}

function modification(old: Entry, fresh: Entry): EntryChange | undefined {
  const differs = differences(old, fresh)
  if (differs.length === 0) return undefined
  const isUndecided = differs.every((one) => one === 'hash_type')
  return {
    change: isUndecided ? 'undecided' : 'modified',
    path: fresh.logicalKey,
    size: fresh.size,
    ...(old.size !== fresh.size && { sizeBefore: old.size }),
    differs,
  }
}

function differences(old: Entry, fresh: Entry): readonly Difference[] {
  const differs: Difference[] = []
  if (old.size !== fresh.size) differs.push('size')
  if (old.hash.type === fresh.hash.type) {
    if (old.hash.value !== fresh.hash.value) differs.push('hash')
  } else if (old.size === fresh.size) differs.push('hash_type')
  if (!sameMeta(old.meta, fresh.meta)) differs.push('metadata')
  return differs
}

const sameMeta = (a: JsonObject, b: JsonObject): boolean =>
  (a.size === 0 && b.size === 0) || encodeCanonicalJson(a) === encodeCanonicalJson(b)

/** Added and removed entries; an added one with the size and hash of a removed one is a move. Each is used once. */
function arrivals(added: readonly Entry[], removed: readonly Entry[]): readonly EntryChange[] {
  const gone = new Map<string, Entry[]>()
  for (const entry of removed) {
    const same = gone.get(contentOf(entry))
    if (same) same.push(entry)
    else gone.set(contentOf(entry), [entry])
  }
  const moved = new Set<Entry>()
  const arrived = added.map((entry): EntryChange => {
    const old = gone.get(contentOf(entry))?.shift()
    if (old === undefined) return { change: 'added', path: entry.logicalKey, size: entry.size }
    moved.add(old)
    return {
      change: 'moved',
      path: entry.logicalKey,
      from: old.logicalKey,
      size: entry.size,
      ...(!sameMeta(old.meta, entry.meta) && { differs: ['metadata'] as const }),
    }
  })
  const left = removed.filter((entry) => !moved.has(entry))
  return [
    ...arrived,
    ...left.map(({ logicalKey, size }): EntryChange => ({ change: 'removed', path: logicalKey, size })),
  ]
}

const contentOf = ({ hash, size }: Entry): string => `${hash.type} ${hash.value} ${size}`
