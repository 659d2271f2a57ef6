// A manifest that is written and measured before it is stored: its top hash names it (formats.md 3).
import { createTopHash, type DirectoryMeta, type Entry, type ManifestHeader, writeManifest } from '@quilt-mcp/core'
import { createSpool } from '../pushing/spool.js'

/** What a new manifest holds. */
export interface ManifestDraft {
  readonly header: ManifestHeader
  /** In tree order. */
  readonly directories: readonly DirectoryMeta[]
  /** In tree order, in batches. */
  readonly entries: AsyncIterable<readonly Entry[]>
}

/** A manifest that is complete, and kept for a while. */
export interface StagedManifest {
  readonly topHash: string
  /** Bytes. */
  readonly size: number
  readonly totalEntries: number
  readonly totalBytes: number
  readonly directories: readonly DirectoryMeta[]
  /** Its bytes, as often as it takes. */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>
  close(): Promise<void>
}

/** Goes through the entries once. Most of it is held in a temporary file when it is large.
 * @throws {QuiltError} `invalid_input` for what a manifest cannot hold; what the entries throw */
export async function stageManifest({ header, directories, entries }: ManifestDraft): Promise<StagedManifest> {
  const topHash = createTopHash(header)
  const spool = createSpool()
  let totalEntries = 0
  let totalBytes = 0
  async function* counted(): AsyncGenerator<readonly Entry[], void, undefined> {
    for await (const batch of entries) {
      for (const entry of batch) {
        topHash.update(entry)
        totalBytes += entry.size
      }
      totalEntries += batch.length
      yield batch
    }
  }
  try {
    for await (const chunk of writeManifest({ header, directories, entries: counted() })) await spool.write(chunk)
  } catch (error) {
    await spool.close()
    throw error
  }
  return {
    topHash: topHash.digest(),
    size: spool.size,
    totalEntries,
    totalBytes,
    directories,
    bytes: () => spool.read(),
    close: () => spool.close(),
  }
}
