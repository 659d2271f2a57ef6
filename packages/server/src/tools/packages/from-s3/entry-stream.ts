// The files of a plan as the entries that a push takes.
import type { ContentEntry, PlacedEntry, PlannedEntry, PlannedEntryStream } from '@quilt-mcp/backends'
import { compareLogicalKeys, formatPhysicalKey } from '@quilt-mcp/core'
import type { FilePlan } from './file-plan.js'
import type { PlannedFile } from './planned-file.js'
import { mergeSorted } from './sorted-streams.js'
import { batchesOf } from './spilled-sort.js'

/** All entries in tree order: the files of the bucket, and those that were made. */
export function entryStream(
  { files, survey }: Pick<FilePlan, 'files' | 'survey'>,
  { bucket, generated }: { readonly bucket: string; readonly generated: readonly ContentEntry[] },
): PlannedEntryStream {
  const made = generated.toSorted((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  async function* placed(): AsyncGenerator<readonly PlannedEntry[], void, undefined> {
    for await (const batch of files()) yield batch.map((file) => placedEntry(file, bucket))
  }
  return {
    count: survey.total.files + made.length,
    listed: true,
    batches: () => (made.length === 0 ? placed() : mergeSorted<PlannedEntry>([placed(), batchesOf(made)])),
  }
}

function placedEntry({ logicalKey, key, size, known }: PlannedFile, bucket: string): PlacedEntry {
  if (known !== undefined) return { logicalKey, size, ...known }
  return { logicalKey, size, physicalKey: formatPhysicalKey({ kind: 's3', bucket, key }) }
}
