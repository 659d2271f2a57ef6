// The entries of a plan, whether it holds them or tells them one batch after the other.
import type { CallOptions } from '../../call-options.js'
import type { ContentEntry, PlannedEntry, PushPlan } from '../port.js'

type PlanEntries = PushPlan['entries']

/** How many entries the revision will have. */
export function entryCount(entries: PlanEntries): number {
  return 'batches' in entries ? entries.count : entries.length
}

/** All entries, in batches: in tree order where the plan is a stream, else as they were given. */
export function entryBatches(
  entries: PlanEntries,
  options: CallOptions = {},
): AsyncIterable<readonly PlannedEntry[]> | Iterable<readonly PlannedEntry[]> {
  return 'batches' in entries ? entries.batches(options) : [entries]
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
