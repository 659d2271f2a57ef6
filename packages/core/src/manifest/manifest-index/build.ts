// Builds the index of a manifest in one pass over its bytes; holds the index, never the manifest.
import { QuiltError } from '../../errors.js'
import { wordBytes } from '../../json/skip.js'
import { isTopHash } from '../../name.js'
import { headerFrom } from '../header.js'
import { compareAfterShared, type KeyBytes, keyBytesOf, keyHolder, sharedBytes } from '../key-bytes.js'
import { brokenOff, checkLineLength, type LineBlock, lineBlocks, lineEndFrom, lineText } from '../lines.js'
import { compareLogicalKeys, duplicate } from '../order.js'
import { lineFields, scanOrdinaryLine } from '../ordinary-line.js'
import { damagedLine, defaultMaxRecordBytes, parseLine, type ReadManifestOptions, readRecord } from '../read.js'
import { directoryWriter } from './directories.js'
import { extensionCounter } from './extensions.js'
import { type IndexRecord, keyBlocks, keyBlockWriter } from './key-blocks.js'
import { encodeIndex } from './layout.js'

/** How an index is built. */
export interface BuildIndexOptions extends ReadManifestOptions {
  /** The manifest's name; the index is bound to it. */
  readonly topHash: string
}

/**
 * The index of a manifest as bytes, 15 to 20 for each entry: keep them, and read them with {@link openManifestIndex}.
 *
 * Entries that are not in tree order are sorted, and all are held for that. The index belongs to these very bytes: a
 * later push may rewrite a manifest under the same top hash (formats.md 3.1), so check a line that is read by it.
 * @param source the manifest's bytes in any chunks
 * @throws {QuiltError} `upstream` when the manifest is damaged, `partial` when it breaks off, `invalid_input` when
 *   `topHash` is none, `unsupported` for more than 4,000,000 directories or keys with half a surrogate pair
 */
export async function buildManifestIndex(
  source: AsyncIterable<Uint8Array>,
  { topHash, signal, maxRecordBytes = defaultMaxRecordBytes }: BuildIndexOptions,
): Promise<Uint8Array> {
  if (!isTopHash(topHash)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(topHash)} is not a top hash`, {
      hint: 'Give the 64 hexadecimal digits that name the manifest.',
    })
  }
  const place = { line: 1 }
  const lines = indexedLines(place, maxRecordBytes)
  for await (const block of lineBlocks(source, { signal, maxRecordBytes, place })) lines.take(block)
  return lines.finish(topHash)
}

function indexedLines(place: { line: number }, maxRecordBytes: number) {
  const fields = lineFields()
  const directoryLines = sortedRecords()
  const entries = sortedRecords()
  const extensions = extensionCounter()
  const key: KeyBytes = { bytes: new Uint8Array(0), from: 0, end: 0 }
  let manifestBytes = 0
  let headerBytes: number | undefined

  const readHeader = ({ bytes, endsOpen }: LineBlock): number => {
    const end = lineEndFrom(bytes, 0)
    const text = lineText(bytes, 0, end)
    if (headerFrom(parseLine(text, { line: 1, endsOpen })) === undefined) throw damagedLine(1, 'it is not an object')
    headerBytes = Buffer.byteLength(text)
    place.line = 2
    return end
  }
  const addEntry = (size: number, offset: number, length: number): void => {
    extensions.add(key, size)
    entries.add(key, { size, offset, length })
  }
  /** A line that is not ordinary. */
  const addPlain = (text: string, offset: number, endsOpen: boolean): void => {
    const record = readRecord(text, { line: place.line, endsOpen })
    const { logicalKey } = 'entry' in record ? record.entry : record.directory
    const bytes = keyBytesOf(logicalKey)
    if (bytes === undefined) throw notUtf8(logicalKey)
    key.bytes = bytes
    key.from = 0
    key.end = bytes.length
    const length = Buffer.byteLength(text)
    if ('entry' in record) addEntry(record.entry.size, offset, length)
    else directoryLines.add(key, { size: 0, offset, length })
  }

  return {
    take(block: LineBlock): void {
      const { bytes, endsOpen } = block
      const words = wordBytes(bytes)
      let from = headerBytes === undefined ? readHeader(block) : 0
      for (; from < bytes.length; place.line++) {
        if (!endsOpen && scanOrdinaryLine(words, from, fields)) {
          const length = fields.lineEnd - from
          checkLineLength(length, place.line, maxRecordBytes)
          key.bytes = bytes
          key.from = fields.keyFrom
          key.end = fields.keyEnd
          addEntry(fields.size, manifestBytes + from, length)
          from = fields.next
          continue
        }
        const end = lineEndFrom(bytes, from)
        checkLineLength(end - from - 1, place.line, maxRecordBytes)
        const text = lineText(bytes, from, end)
        if (text !== '') addPlain(text, manifestBytes + from, endsOpen)
        from = end
      }
      manifestBytes += bytes.length
    },
    finish(topHash: string): Uint8Array {
      if (headerBytes === undefined) throw brokenOff(1)
      const tree = entries.finish()
      const lines = directoryLines.finish()
      const extensionList = extensions.finish()
      return encodeIndex(
        {
          topHash,
          manifestBytes,
          headerBytes,
          entries: tree.count,
          bytes: extensionList.reduce((sum, { bytes }) => sum + bytes, 0),
          directories: tree.directories.count,
          directoryLines: lines.count,
        },
        {
          directories: tree.directories.table,
          entryBlocks: tree.blockOffsets,
          entries: tree.data,
          lineBlocks: lines.blockOffsets,
          lines: lines.data,
          extensions: Buffer.from(JSON.stringify(extensionList)),
        },
      )
    },
  }
}

interface RecordPlace {
  readonly size: number
  readonly offset: number
  readonly length: number
}

/** Collects records, in tree order at once, or sorted at the end when one came out of it. */
function sortedRecords() {
  const blocks = keyBlockWriter()
  const directories = directoryWriter()
  const last = keyHolder()
  let ordered = true
  const add = (key: KeyBytes, { size, offset, length }: RecordPlace): void => {
    const shared = sharedBytes(last, key)
    if (ordered && blocks.count() > 0) {
      const order = compareAfterShared(last, key, shared)
      if (order === 0) throw duplicate('upstream', Buffer.from(key.bytes.subarray(key.from, key.end)).toString('utf8'))
      ordered = order < 0
    }
    if (ordered) directories.add(key, shared, size)
    blocks.add({ key, shared, size, offset, length })
    last.replaceFrom(shared, key.bytes, key.from + shared, key.end)
  }
  const finish = () => {
    const data = { count: blocks.count(), data: blocks.data(), blockOffsets: blocks.blockOffsets() }
    return ordered ? { ...data, directories: directories.finish() } : sorted(data)
  }
  return { add, finish }
}

interface WrittenRecords {
  readonly count: number
  readonly data: Uint8Array
  readonly blockOffsets: Uint8Array
}

interface SortedRecords extends WrittenRecords {
  readonly directories: { readonly count: number; readonly table: Uint8Array }
}

function sorted({ count, data, blockOffsets }: WrittenRecords): SortedRecords {
  const written = keyBlocks(count, blockOffsets, data)
  const records: IndexRecord[] = []
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const record = written.record(ordinal)
    if (record !== undefined) records.push(record)
  }
  records.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  const inOrder = sortedRecords()
  for (const { logicalKey, size, line } of records) {
    const bytes = Buffer.from(logicalKey)
    inOrder.add({ bytes, from: 0, end: bytes.length }, { size, ...line })
  }
  return inOrder.finish()
}

function notUtf8(logicalKey: string): QuiltError {
  return new QuiltError('unsupported', `the key ${JSON.stringify(logicalKey)} holds half of a surrogate pair`, {
    hint: 'Read the entries one after the other instead.',
  })
}
