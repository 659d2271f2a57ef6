// Brings together what two sides did to one revision (a three-way merge), file by file. Never guesses: what both sides
// changed in two ways is a conflict, and so is what cannot be compared.
import { sameJson } from '../json/same.js'
import type { Entry } from '../manifest/entry.js'
import { alignEntries, type EntryBatches } from './align.js'

/** The three revisions of a merge, each in tree order. */
export interface MergeSources {
  /** What both sides started from. */
  readonly base: EntryBatches
  readonly ours: EntryBatches
  readonly theirs: EntryBatches
}

/** One path on which the sides do not agree. A side without entry removed the file, or never had it. */
export interface MergeConflict {
  readonly logicalKey: string
  /** `both_changed`: in two ways. `changed_and_removed`: by one side each. `file_and_directory`: one side has a file
   * where the other has a directory; `logicalKey` is a file in that directory. */
  readonly reason: 'both_changed' | 'changed_and_removed' | 'file_and_directory'
  readonly base?: Entry
  readonly ours?: Entry
  readonly theirs?: Entry
}

/** The next part of a merge, in tree order. */
export interface MergeBatch {
  /** Merged entries, each as one of the revisions has it. */
  readonly entries: readonly Entry[]
  /** Paths that are not among the entries because somebody has to decide. */
  readonly conflicts: readonly MergeConflict[]
}

/**
 * Merges two revisions that were made from the same base, in one pass, holding one batch of each.
 *
 * An entry counts as changed when its location, size, hash, metadata or unknown keys do. Both sides may have made the
 * same change; when they differ in the location alone, the one that is new wins, ours before theirs.
 * Write the entries only when no batch had a conflict.
 * @throws {QuiltError} `invalid_input` when a source is not in tree order; what the sources throw
 */
export async function* mergeEntries({ base, ours, theirs }: MergeSources): AsyncGenerator<MergeBatch> {
  let file: string | undefined
  for await (const rows of alignEntries([base, ours, theirs])) {
    const entries: Entry[] = []
    const conflicts: MergeConflict[] = []
    for (const [old, our, their] of rows) {
      const merged = mergeOne(old, our, their)
      if (merged === undefined) continue
      const { logicalKey } = merged
      if ('reason' in merged) conflicts.push(merged)
      else if (file !== undefined && logicalKey.startsWith(`${file}/`))
        conflicts.push(conflict('file_and_directory', logicalKey, [old, our, their]))
      else {
        entries.push(merged)
        // In tree order all that lies under a key follows it at once.
        file = logicalKey
      }
    }
    yield { entries, conflicts }
  }
}

/** Undefined: the file is gone. */
function mergeOne(
  base: Entry | undefined,
  ours: Entry | undefined,
  theirs: Entry | undefined,
): Entry | MergeConflict | undefined {
  if (same(base, theirs)) return ours
  if (same(base, ours)) return theirs
  if (ours === undefined && theirs === undefined) return undefined
  if (ours === undefined || theirs === undefined) {
    const logicalKey = (ours ?? theirs ?? base)?.logicalKey ?? ''
    return conflict('changed_and_removed', logicalKey, [base, ours, theirs])
  }
  if (sameContent(ours, theirs)) return base?.physicalKey === ours.physicalKey ? theirs : ours
  return conflict('both_changed', ours.logicalKey, [base, ours, theirs])
}

function conflict(
  reason: MergeConflict['reason'],
  logicalKey: string,
  [base, ours, theirs]: readonly (Entry | undefined)[],
): MergeConflict {
  return { logicalKey, reason, ...(base && { base }), ...(ours && { ours }), ...(theirs && { theirs }) }
}

function same(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.physicalKey === b.physicalKey && sameContent(a, b)
}

/** Hashes of two types are never the same: nobody can tell. */
const sameContent = (a: Entry, b: Entry): boolean =>
  a.size === b.size &&
  a.hash.type === b.hash.type &&
  a.hash.value === b.hash.value &&
  sameJson(a.meta, b.meta) &&
  sameJson(a.unknown ?? null, b.unknown ?? null)
