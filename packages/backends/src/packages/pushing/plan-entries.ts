// The entries of a plan, whether it holds them or tells them one batch after the other.
import { compareLogicalKeys } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { ContentEntry, PlannedEntry, PushPlan } from '../port.js'

type PlanEntries = PushPlan['entries']

/** How many entries the revision will have. */
export function entryCount(entries: PlanEntries): number {
  return 'batches' in entries ? entries.count : entries.length
}

/** Whether a check need not look at the objects. */
export const isListed = (entries: PlanEntries): boolean => 'batches' in entries && entries.listed === true

/** Entries as often as it takes, in batches, in tree order. A stream tells them so; that it does is checked where keys are. */
export type OrderedEntries = (
  options?: CallOptions,
) => AsyncIterable<readonly PlannedEntry[]> | Iterable<readonly PlannedEntry[]>

const entriesInBatch = 1_000

/** The entries of a plan in tree order. */
export function orderedEntries(entries: PlanEntries): OrderedEntries {
  if ('batches' in entries) return (options) => entries.batches(options)
  const sorted = inTreeOrder(entries)
  return () => batchesOf(sorted)
}

function inTreeOrder(entries: readonly PlannedEntry[]): readonly PlannedEntry[] {
  const isOrdered = entries.every(
    ({ logicalKey }, at) => at === 0 || compareLogicalKeys(entries[at - 1]?.logicalKey ?? '', logicalKey) <= 0,
  )
  return isOrdered ? entries : entries.toSorted((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

function* batchesOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += entriesInBatch) yield items.slice(from, from + entriesInBatch)
}

/** All entries at once. */
export async function allEntries(entries: PlanEntries, options: CallOptions = {}): Promise<readonly PlannedEntry[]> {
  if (!('batches' in entries)) return entries
  const all: PlannedEntry[] = []
  for await (const batch of entries.batches(options)) for (const entry of batch) all.push(entry)
  return all
}

/** Whether the push has to upload its bytes. */
export function hasContent(entry: PlannedEntry): entry is ContentEntry {
  return 'content' in entry
}
