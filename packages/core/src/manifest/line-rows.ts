// The entries of a manifest as rows that can be compared by their bytes; an entry is made only where it is asked for.
import type { Entry } from './entry.js'
import { type KeyBytes, keyOrderBytes } from './key-bytes.js'
import { openLines, type ReadManifestOptions } from './open-lines.js'
import { duplicate } from './order.js'
import { entriesOf } from './ordinary-lines/entry.js'
import { fieldsInLine } from './ordinary-lines/line-fields.js'
import type { LineVisitor, OrdinaryLines } from './ordinary-lines/visit.js'
import { readRecord } from './read.js'
import { createSeenKeys } from './seen-keys.js'

/** Ordinary lines that follow each other, or one other entry. Valid until the next rows are asked for. */
export type Rows = LineRows | OtherRow

/** Lines with their fields, which count in `bytes`. */
export interface LineRows {
  readonly bytes: Uint8Array
  readonly count: number
  readonly fields: Int32Array
  readonly entry: (row: number) => Entry
}

/** An entry whose line is not ordinary. */
export interface OtherRow {
  readonly count: 1
  readonly key: KeyBytes
  readonly fields?: undefined
  readonly entry: (row: number) => Entry
}

/** The rows of a manifest. */
export interface RowReader {
  /** The next rows; undefined at the end. */
  next(): Promise<Rows | undefined>
  close(): Promise<void>
}

/** Opens a manifest. @throws {QuiltError} here and from `next`, as `openManifest` */
export async function openRows(source: AsyncIterable<Uint8Array>, options?: ReadManifestOptions): Promise<RowReader> {
  const lines = await openLines(source, options)
  const seen = createSeenKeys()
  const waiting: Rows[] = []
  const visitor: LineVisitor = {
    ordinary(found) {
      const again = seen.note(found)
      if (again !== undefined) throw duplicate('upstream', entriesOf(found)(again).logicalKey)
      waiting.push(lineRows(found))
    },
    other(text, place) {
      const record = readRecord(text, place)
      if ('directory' in record) return
      const { entry } = record
      if (!seen.noteText(entry.logicalKey)) throw duplicate('upstream', entry.logicalKey)
      const bytes = keyOrderBytes(entry.logicalKey)
      waiting.push({ count: 1, key: { bytes, from: 0, end: bytes.length }, entry: () => entry })
    },
  }
  return {
    async next() {
      while (waiting.length === 0) if (!(await lines.showNext(visitor))) return undefined
      return waiting.shift()
    },
    close: () => lines.close(),
  }
}

/** The lines with a copy of their fields: the workbench will be used for others. */
function lineRows({ bytes, count, bench }: OrdinaryLines): LineRows {
  const fields = bench.fields.slice(0, count * fieldsInLine)
  const doubles = new Float64Array(fields.buffer)
  let entryOf: ((row: number) => Entry) | undefined
  return {
    bytes,
    count,
    fields,
    entry(row) {
      entryOf ??= entriesOf({ bytes, count, bench: { fields, doubles } })
      return entryOf(row)
    },
  }
}
