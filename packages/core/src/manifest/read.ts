// Reads a manifest as a stream: the header first, then batches of directories and entries (formats.md 2, 13.2).
import { QuiltError } from '../errors.js'
import type { DirectoryMeta, Entry, ManifestHeader } from './entry.js'
import { damagedLine, type LinePlace, parseLine } from './lines.js'
import { type OpenLines, openLines, type ReadManifestOptions } from './open-lines.js'
import { duplicate } from './order.js'
import { entriesOf } from './ordinary-lines/entry.js'
import type { LineVisitor } from './ordinary-lines/visit.js'
import { type ManifestRecord, recordFrom } from './record.js'
import { createSeenKeys } from './seen-keys.js'

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
  options?: ReadManifestOptions,
): Promise<OpenManifest> {
  const lines = await openLines(source, options)
  return { header: lines.header, lines: inBatches(lines), close: () => lines.close() }
}

/** The lines after the header. */
async function* inBatches(lines: OpenLines): AsyncGenerator<ManifestBatch, void, undefined> {
  const reader = recordReader()
  try {
    while (await lines.showNext(reader)) {
      if (reader.count() >= linesInBatch) yield reader.taken()
    }
    if (reader.count() > 0) yield reader.taken()
  } finally {
    await lines.close()
  }
}

/** Makes entries and directories of lines; each key once. */
function recordReader() {
  const seen = createSeenKeys()
  let directories: DirectoryMeta[] = []
  let entries: Entry[] = []
  const visitor: LineVisitor = {
    ordinary(lines) {
      const entryOf = entriesOf(lines)
      const again = seen.note(lines)
      if (again !== undefined) throw duplicate('upstream', entryOf(again).logicalKey)
      for (let line = 0; line < lines.count; line++) entries.push(entryOf(line))
    },
    other(text, place) {
      const record = readRecord(text, place)
      if ('directory' in record) directories.push(record.directory)
      else if (seen.noteText(record.entry.logicalKey)) entries.push(record.entry)
      else throw duplicate('upstream', record.entry.logicalKey)
    },
  }
  return {
    ...visitor,
    count: (): number => directories.length + entries.length,
    taken(): ManifestBatch {
      const batch = { directories, entries }
      directories = []
      entries = []
      return batch
    },
  }
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
