// Reads a manifest as a stream: the header first, then batches of directories and entries (formats.md 2, 13.2).
import { QuiltError } from '../errors.js'
import { parseJson } from '../json/parse.js'
import type { Json } from '../json/value.js'
import type { DirectoryMeta, Entry, ManifestHeader } from './entry.js'
import { headerFrom } from './header.js'
import { brokenOff, type LineBatch, lineBatches } from './lines.js'
import { compareLogicalKeys, duplicate } from './order.js'
import { recordFrom } from './record.js'
import { createSeenKeys } from './seen-keys.js'

/** How a manifest is read. */
export interface ReadManifestOptions {
  /** Ends reading; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Longest line that is read, in UTF-8 bytes. Default 16 MiB. (Quilt writes at most 1,000,000.) */
  readonly maxRecordBytes?: number | undefined
}

/** About a thousand lines of a manifest, in file order. */
export interface ManifestBatch {
  readonly directories: readonly DirectoryMeta[]
  readonly entries: readonly Entry[]
}

/** A manifest whose header has been read. */
export interface OpenManifest {
  /** Without the key `top_hash` of very old manifests. */
  readonly header: ManifestHeader
  /** All further lines, once. Leaving the loop closes the source. */
  readonly lines: AsyncIterable<ManifestBatch>
  /** Closes the source when the lines are not wanted. Harmless at any time. */
  close(): Promise<void>
}

const defaultMaxRecordBytes = 16 * 1_048_576

/**
 * Opens a manifest and reads its header. At most one batch of lines and one chunk of the source are held.
 *
 * The order of the file is kept and not trusted: other producers may not write tree order.
 * @param source UTF-8 bytes in any chunks; LF or CRLF; the last line may lack its end
 * @throws {QuiltError} here and from `lines`: `upstream` when the manifest is damaged (not JSON, no header, a logical
 *   key twice), `partial` when the source ends in the middle of a line
 */
export async function openManifest(
  source: AsyncIterable<Uint8Array>,
  { signal, maxRecordBytes = defaultMaxRecordBytes }: ReadManifestOptions = {},
): Promise<OpenManifest> {
  const batches = lineBatches(source, { signal, maxRecordBytes })
  try {
    const first = await batches.next()
    if (first.done === true) throw brokenOff(1)
    const header = headerFrom(parseLine(first.value, 0))
    if (header === undefined) throw damagedLine(1, 'it is not an object')
    const close = async (): Promise<void> => {
      await batches.return(undefined)
    }
    return { header, lines: records(first.value, batches), close }
  } catch (error) {
    await batches.return(undefined)
    throw error
  }
}

/** The lines after the header, read from the batch that held it and from those that follow. */
function records(first: LineBatch, batches: AsyncGenerator<LineBatch, void, undefined>): AsyncIterable<ManifestBatch> {
  const reader = createBatchReader()
  async function* pull(): AsyncGenerator<ManifestBatch, void, undefined> {
    try {
      if (first.lines.length > 1) yield reader(first, 1)
      for await (const batch of batches) yield reader(batch, 0)
    } finally {
      // Also when the loop was left before `batches` was looped over.
      await batches.return(undefined)
    }
  }
  return pull()
}

function createBatchReader(): (batch: LineBatch, from: number) => ManifestBatch {
  const seen = createSeenKeys()
  let greatest: string | undefined
  const note = (logicalKey: string): void => {
    if (greatest === undefined || compareLogicalKeys(greatest, logicalKey) < 0) greatest = logicalKey
    else if (greatest === logicalKey || seen.has(logicalKey)) throw duplicate('upstream', logicalKey)
    seen.add(logicalKey)
  }
  return (batch, from) => {
    const directories: DirectoryMeta[] = []
    const entries: Entry[] = []
    for (let index = from; index < batch.lines.length; index++) {
      if (batch.lines[index] === '') continue
      const record = readRecord(batch, index)
      if ('directory' in record) directories.push(record.directory)
      else {
        note(record.entry.logicalKey)
        entries.push(record.entry)
      }
    }
    return { directories, entries }
  }
}

function readRecord(batch: LineBatch, index: number): ReturnType<typeof recordFrom> {
  const line = parseLine(batch, index)
  try {
    return recordFrom(line)
  } catch (cause) {
    throw damagedLine(batch.firstLine + index, cause instanceof QuiltError ? cause.message : 'it cannot be read', cause)
  }
}

function parseLine(batch: LineBatch, index: number): Json {
  const lineNumber = batch.firstLine + index
  try {
    return parseJson(batch.lines[index] ?? '')
  } catch (cause) {
    if (batch.endsOpen && index === batch.lines.length - 1) throw brokenOff(lineNumber, cause)
    throw damagedLine(lineNumber, 'it is not valid JSON', cause)
  }
}

function damagedLine(lineNumber: number, reason: string, cause?: unknown): QuiltError {
  return new QuiltError('upstream', `line ${lineNumber} of the manifest is damaged: ${reason}`, {
    hint: 'Read an older revision of the package, or push it again from its source.',
    details: { line: lineNumber },
    retryable: false,
    cause,
  })
}
