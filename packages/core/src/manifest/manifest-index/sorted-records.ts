// Collects the records of an index: at once where they come in tree order, else sorted at the end.
import { compareAfterShared, type KeyBytes, keyHolder, sharedBytes } from '../key-bytes.js'
import { compareLogicalKeys, duplicate } from '../order.js'
import {
  doublesInLine,
  doublesInRun,
  extensionFromAt,
  fieldsInLine,
  fieldsInRun,
  firstLineAt,
  keyEndAt,
  keyFromAt,
  lineEndAt,
  lineFromAt,
  runBytesAt,
  runEntriesAt,
  sharedAt,
  sizeAt,
} from '../ordinary-lines/line-fields.js'
import type { OrdinaryLines } from '../ordinary-lines/visit.js'
import { directoryWriter } from './directories.js'
import { type ExtensionSummary, extensionCounter, extensionFrom } from './extensions.js'
import { type IndexRecord, keyBlocks, keyBlockWriter, recordsInBlock } from './key-blocks.js'
import type { ReadableBytes } from './pages.js'

interface RecordPlace {
  readonly size: number
  readonly offset: number
  readonly length: number
}

/** The records in tree order. */
interface SortedRecords {
  readonly count: number
  /** In pieces. */
  readonly data: readonly Uint8Array[]
  readonly blockOffsets: Uint8Array
  readonly directories: { readonly count: number; readonly table: Uint8Array }
  readonly extensions: readonly ExtensionSummary[]
}

/** No record yet. @throws {QuiltError} from its functions: `upstream` for a key that comes twice */
export function sortedRecords() {
  const blocks = keyBlockWriter()
  const directories = directoryWriter()
  const extensions = extensionCounter()
  const last = keyHolder()
  const key: KeyBytes = { bytes: new Uint8Array(0), from: 0, end: 0 }
  let ordered = true

  const add = (added: KeyBytes, { size, offset, length }: RecordPlace): void => {
    const shared = sharedBytes(last, added)
    if (ordered && blocks.count() > 0) {
      const order = compareAfterShared(last, added, shared)
      if (order === 0) throw duplicate('upstream', textOf(added))
      ordered = order < 0
    }
    if (ordered) directories.add(added, shared, size)
    extensions.add({ bytes: added.bytes, from: extensionFrom(added), end: added.end }, 1, size)
    blocks.add({ key: added, shared, size, offset, length })
    last.replaceFrom(shared, added.bytes, added.from + shared, added.end)
  }
  const setKey = ({ bytes, bench: { fields } }: OrdinaryLines, line: number): void => {
    key.bytes = bytes
    key.from = fields[line * fieldsInLine + keyFromAt] ?? 0
    key.end = fields[line * fieldsInLine + keyEndAt] ?? 0
  }
  /** Writes records until a line is not in the order of those before. @returns that line */
  const addRun = (lines: OrdinaryLines, from: number): number => {
    const { bench, count, offset } = lines
    const { calls, previous, fields, directoryRuns, extensionRuns } = bench
    previous.set(last.bytes.subarray(0, last.end))
    const before = blocks.count()
    const length = before === 0 ? -1 : last.end
    const end = calls.writeRecords(from, count, length, ordered ? 1 : 0, before, offset, blocks.expectedOffset())
    if (end === from) return from
    const lastRecord = (end - 1) * fieldsInLine
    const blockCount = Math.ceil((before + end - from) / recordsInBlock) - Math.ceil(before / recordsInBlock)
    blocks.addWritten({
      records: bench.out.subarray(0, Number(calls.writtenBytes.value)),
      count: end - from,
      blockStarts: bench.blockStarts.subarray(0, blockCount),
      expectedOffset: offset + (fields[lastRecord + lineEndAt] ?? 0) + 1,
    })
    for (let run = 0; ordered && run < Number(calls.directoryRuns.value); run++) {
      const at = run * fieldsInRun
      const line = directoryRuns.fields[at + firstLineAt] ?? 0
      const entries = directoryRuns.fields[at + runEntriesAt] ?? 0
      setKey(lines, line)
      directories.add(key, directoryRuns.fields[at + sharedAt] ?? 0, 0)
      directories.addMore(entries - 1, directoryRuns.doubles[run * doublesInRun + runBytesAt] ?? 0)
    }
    for (let run = 0; run < Number(calls.extensionRuns.value); run++) {
      const at = run * fieldsInRun
      setKey(lines, extensionRuns.fields[at + firstLineAt] ?? 0)
      key.from = extensionRuns.fields[at + extensionFromAt] ?? 0
      const bytes = extensionRuns.doubles[run * doublesInRun + runBytesAt] ?? 0
      extensions.add(key, extensionRuns.fields[at + runEntriesAt] ?? 0, bytes)
    }
    setKey(lines, end - 1)
    last.copy(lines.bytes, key.from, key.end)
    return end
  }

  return {
    add,
    /** Adds ordinary lines. */
    addLines(lines: OrdinaryLines): void {
      const { fields, doubles, previous } = lines.bench
      for (let line = 0; line < lines.count; ) {
        if (last.end <= previous.length) line = addRun(lines, line)
        if (line === lines.count) return
        // Out of order, or behind a key that is too long: this line on its own.
        setKey(lines, line)
        const from = fields[line * fieldsInLine + lineFromAt] ?? 0
        const length = (fields[line * fieldsInLine + lineEndAt] ?? 0) - from
        add(key, { size: doubles[line * doublesInLine + sizeAt] ?? 0, offset: lines.offset + from, length })
        line++
      }
    },
    finish(): SortedRecords {
      const data = { count: blocks.count(), data: blocks.data(), blockOffsets: blocks.blockOffsets() }
      if (ordered) return { ...data, directories: directories.finish(), extensions: extensions.finish() }
      return { ...inOrder(data), extensions: extensions.finish() }
    },
  }
}

/** The same records in tree order. Holds all of them. */
function inOrder({ count, data, blockOffsets }: Pick<SortedRecords, 'count' | 'data' | 'blockOffsets'>): SortedRecords {
  const written = keyBlocks(count, readable(blockOffsets), readable(Buffer.concat(data)))
  const records: IndexRecord[] = []
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const record = written.record(ordinal)
    if (record !== undefined) records.push(record)
  }
  records.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  const sorted = sortedRecords()
  for (const { logicalKey, size, line } of records) {
    const bytes = Buffer.from(logicalKey)
    sorted.add({ bytes, from: 0, end: bytes.length }, { size, ...line })
  }
  return sorted.finish()
}

const readable = (bytes: Uint8Array): ReadableBytes => ({
  length: bytes.length,
  bytes: (at, length) => bytes.subarray(at, at + length),
})

const textOf = ({ bytes, from, end }: KeyBytes): string => Buffer.from(bytes.subarray(from, end)).toString('utf8')
