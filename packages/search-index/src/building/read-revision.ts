// Reads manifests ahead of writing them.
import {
  type Entry,
  headerMessage,
  headerUserMeta,
  headerWorkflow,
  isJsonObject,
  type Json,
  type ManifestBatch,
  type ManifestHeader,
  openManifest,
  QuiltError,
} from '@quilt-mcp/core'
import type { RegistrySource, SourceOptions } from '../source.js'

/** What the header of a revision says. */
export interface RevisionHeader {
  readonly comment: string | null
  readonly userMeta: Json | undefined
  /** Id of the workflow. */
  readonly workflow: string | null
}

/** A revision whose files are wanted. */
export interface OpenRevision extends RevisionHeader {
  /** All its files, once. */
  readonly batches: AsyncIterable<readonly Entry[]>
  /** Whether there are more than were read ahead: then reading on may fail. */
  readonly isLong: boolean
  /** Harmless at any time. */
  close(): Promise<void>
}

/** A revision whose files are only counted. */
export interface CountedRevision extends RevisionHeader {
  /** Bytes in all. */
  readonly size: number
  /** Number of files. */
  readonly entries: number
}

/** So many entries of a manifest are read ahead: most packages have no more, and so are whole before anything is written. */
const entriesAhead = 3_000

/** @throws {QuiltError} `not_found` when there is no such manifest, `upstream` and `partial` when it is damaged */
export async function openRevision(
  source: RegistrySource,
  topHash: string,
  options: SourceOptions,
): Promise<OpenRevision> {
  const manifest = await open(source, topHash, options)
  try {
    const header = headerOf(manifest.header)
    const lines = manifest.lines[Symbol.asyncIterator]()
    const first: (readonly Entry[])[] = []
    let entries = 0
    for (;;) {
      if (entries >= entriesAhead) {
        return { ...header, batches: batchesOf(first, lines), isLong: true, close: () => manifest.close() }
      }
      const next = await lines.next()
      if (next.done === true) {
        return { ...header, batches: batchesOf(first), isLong: false, close: () => manifest.close() }
      }
      first.push(next.value.entries)
      entries += next.value.entries.length
    }
  } catch (error) {
    await manifest.close()
    throw error
  }
}

/** @throws {QuiltError} as `openRevision` */
export async function countRevision(
  source: RegistrySource,
  topHash: string,
  options: SourceOptions,
): Promise<CountedRevision> {
  const manifest = await open(source, topHash, options)
  let size = 0
  let count = 0
  for await (const { entries } of manifest.lines) {
    count += entries.length
    for (const entry of entries) size += entry.size
  }
  return { ...headerOf(manifest.header), size, entries: count }
}

async function open(source: RegistrySource, topHash: string, options: SourceOptions) {
  const body = await source.manifest(topHash, options)
  if (body !== undefined) return openManifest(body, options)
  throw new QuiltError('not_found', `There is no manifest ${topHash}`, {
    hint: 'The revision is incomplete: remove its pointer, or push the package again.',
  })
}

async function* batchesOf(
  first: readonly (readonly Entry[])[],
  lines?: AsyncIterator<ManifestBatch>,
): AsyncGenerator<readonly Entry[]> {
  yield* first
  if (lines === undefined) return
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) yield next.value.entries
}

function headerOf(header: ManifestHeader): RevisionHeader {
  const workflow = headerWorkflow(header)
  const id = isJsonObject(workflow) ? workflow.get('id') : undefined
  return {
    comment: headerMessage(header) ?? null,
    userMeta: headerUserMeta(header),
    workflow: typeof id === 'string' ? id : null,
  }
}
