// Reads a manifest as a stream: the header first, then batches of directories and entries (formats.md 2, 13.2).
import { QuiltError } from '../errors.js'
import { parseJson } from '../json/parse.js'
import type { Json } from '../json/value.js'
import type { DirectoryMeta, Entry, ManifestHeader } from './entry.js'
import { headerFrom } from './header.js'
import { brokenOff, checkLineLength, type LineBlock, lineBlocks, lineEndFrom, lineText } from './lines.js'
import { duplicate } from './order.js'
import { entriesOf } from './ordinary-lines/entry.js'
import { type LineVisitor, type VisitOptions, visitLines } from './ordinary-lines/visit.js'
import { type ManifestRecord, recordFrom } from './record.js'
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

/** Longest line that is read when nothing else is said, in bytes. */
export const defaultMaxRecordBytes = 16 * 1_048_576
const linesInBatch = 1_000

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
  const place = { line: 1 }
  const blocks = lineBlocks(source, { signal, maxRecordBytes, place })
  try {
    const first = await blocks.next()
    if (first.done === true) throw brokenOff(1)
    const { bytes, endsOpen } = first.value
    const end = lineEndFrom(bytes, 0)
    checkLineLength(end - 1, 1, maxRecordBytes)
    const header = headerFrom(parseLine(lineText(bytes, 0, end), { line: 1, endsOpen }))
    if (header === undefined) throw damagedLine(1, 'it is not an object')
    place.line = 2
    // A copy: the block lasts only until the next one is asked for.
    const rest = { bytes: bytes.slice(end), endsOpen }
    const close = async (): Promise<void> => {
      await blocks.return(undefined)
    }
    return { header, lines: inBatches(rest, blocks, createBlockReader({ place, maxRecordBytes })), close }
  } catch (error) {
    await blocks.return(undefined)
    throw error
  }
}

interface Records {
  directories: DirectoryMeta[]
  entries: Entry[]
}

/** The lines after the header, first those from the block that held it. */
async function* inBatches(
  first: LineBlock,
  blocks: AsyncGenerator<LineBlock, void, undefined>,
  read: (block: LineBlock, into: Records) => void,
): AsyncGenerator<ManifestBatch, void, undefined> {
  try {
    let batch: Records = { directories: [], entries: [] }
    read(first, batch)
    for await (const block of blocks) {
      if (batch.directories.length + batch.entries.length >= linesInBatch) {
        yield batch
        batch = { directories: [], entries: [] }
      }
      read(block, batch)
    }
    if (batch.directories.length + batch.entries.length > 0) yield batch
  } finally {
    // Also when the loop was left before `blocks` was looped over.
    await blocks.return(undefined)
  }
}

function createBlockReader(options: VisitOptions): (block: LineBlock, into: Records) => void {
  const seen = createSeenKeys()
  const { place } = options
  return (block, { directories, entries }) => {
    const visitor: LineVisitor = {
      ordinary(lines) {
        const entryOf = entriesOf(lines)
        const again = seen.note(lines)
        if (again !== undefined) throw duplicate('upstream', entryOf(again).logicalKey)
        for (let line = 0; line < lines.count; line++) entries.push(entryOf(line))
      },
      other(text, _from, endsOpen) {
        const record = readRecord(text, { line: place.line, endsOpen })
        if ('directory' in record) directories.push(record.directory)
        else if (seen.noteText(record.entry.logicalKey)) entries.push(record.entry)
        else throw duplicate('upstream', record.entry.logicalKey)
      },
    }
    visitLines(block, 0, visitor, options)
  }
}

interface LinePlace {
  readonly line: number
  /** Whether the source ended within the line. */
  readonly endsOpen: boolean
}

/** Reads a line after the header, the plain way. */
export function readRecord(text: string, place: LinePlace): ManifestRecord {
  const line = parseLine(text, place)
  try {
    return recordFrom(line)
  } catch (cause) {
    throw damagedLine(place.line, cause instanceof QuiltError ? cause.message : 'it cannot be read', cause)
  }
}

/** The value of a line. */
export function parseLine(text: string, { line, endsOpen }: LinePlace): Json {
  try {
    return parseJson(text)
  } catch (cause) {
    if (endsOpen) throw brokenOff(line, cause)
    throw damagedLine(line, 'it is not valid JSON', cause)
  }
}

/** The error for a line that is not what a manifest holds. */
export function damagedLine(lineNumber: number, reason: string, cause?: unknown): QuiltError {
  return new QuiltError('upstream', `line ${lineNumber} of the manifest is damaged: ${reason}`, {
    hint: 'Read an older revision of the package, or push it again from its source.',
    details: { line: lineNumber },
    retryable: false,
    cause,
  })
}
