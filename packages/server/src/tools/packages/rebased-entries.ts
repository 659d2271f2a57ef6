// A change that was made on one revision, brought together with what the latest revision has become meanwhile.
import type { CallOptions, PackageReader, PlannedEntry } from '@quilt-mcp/backends'
import { type Entry, emptyJsonObject, type MergeConflict, mergeEntries } from '@quilt-mcp/core'
import type { ChangedEntries } from './changed-entries.js'

export interface RebaseSources {
  readonly base: Pick<PackageReader, 'entries'>
  readonly changed: Pick<ChangedEntries, 'batches'>
  readonly latest: Pick<PackageReader, 'entries'>
}

/** The merged entries in tree order, gone through as often as it takes. Use them only when there was no conflict. */
export interface RebasedEntries {
  batches(options?: CallOptions, onConflict?: (conflict: MergeConflict) => void): AsyncIterable<readonly PlannedEntry[]>
}

/** Whose bytes are looked at by the push alone: like nothing else, so that what others did to its path is a conflict. */
interface UnknownEntry extends Entry {
  readonly planned: PlannedEntry
}

export function rebasedEntries({ base, changed, latest }: RebaseSources): RebasedEntries {
  return {
    async *batches(options = {}, onConflict) {
      const merged = mergeEntries({
        base: base.entries(options),
        ours: asEntries(changed.batches(options)),
        theirs: latest.entries(options),
      })
      for await (const { entries, conflicts } of merged) {
        if (onConflict !== undefined) conflicts.forEach(onConflict)
        if (entries.length > 0) yield entries.map(asPlanned)
      }
    },
  }
}

async function* asEntries(batches: AsyncIterable<readonly PlannedEntry[]>): AsyncGenerator<readonly Entry[]> {
  for await (const batch of batches) yield batch.map(asEntry)
}

function asEntry(planned: PlannedEntry): Entry | UnknownEntry {
  const { logicalKey, meta = emptyJsonObject } = planned
  if ('physicalKey' in planned && planned.size !== undefined && planned.hash !== undefined)
    return { ...planned, size: planned.size, hash: planned.hash, meta }
  return { logicalKey, physicalKey: '', size: -1, hash: { type: 'unknown', value: '' }, meta, planned }
}

const asPlanned = (entry: Entry | UnknownEntry): PlannedEntry => ('planned' in entry ? entry.planned : entry)
