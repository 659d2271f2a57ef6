// Rows on their way into the tables: those of many small packages go in together.
import type { Db } from '../sqlite.js'
import { inserter, type Row, wordInserter } from './insert.js'

export interface RowBuffers {
  add(table: BufferedTable, row: Row): void
  /** Writes them when they have become many. */
  flushIfMany(): void
  flush(): void
  /** Forgets them. */
  clear(): void
}

export type BufferedTable =
  | 'revision_value'
  | 'header_words'
  | 'file_words'
  | 'entry'
  | 'entry_rest'
  | 'entry_ext'
  | 'entry_value'
  | 'entry_words'

/** So many are written within some 10 ms. */
const manyRows = 1_000
/** Each statement makes a segment of the full text index, which are merged later: few large ones cost less. */
const manyWords = 4_000

const wordTables: ReadonlySet<BufferedTable> = new Set(['header_words', 'file_words', 'entry_words'])

export function rowBuffers(db: Db): RowBuffers {
  const values = (owner: string): readonly string[] => [owner, 'place', 'path', 'type', 'number', 'text']
  const writers: Readonly<Record<BufferedTable, (rows: readonly Row[]) => void>> = {
    revision_value: inserter(db, 'revision_value', values('revision')),
    header_words: wordInserter(db, 'revision_words', ['rowid', 'name', 'comment', 'meta', 'workflow']),
    file_words: wordInserter(db, 'revision_words', ['rowid', 'files']),
    entry: inserter(db, 'entry', ['id', 'revision', 'key', 'folded', 'ext', 'size', 'has_meta']),
    entry_rest: inserter(db, 'entry_rest', ['first_entry', 'rest']),
    entry_ext: inserter(db, 'entry_ext', ['revision', 'ext', 'entries']),
    entry_value: inserter(db, 'entry_value', values('entry')),
    entry_words: wordInserter(db, 'entry_words', ['rowid', 'key', 'base', 'ext', 'meta']),
  }
  const buffers = new Map<BufferedTable, Row[]>()
  let plainRows = 0
  const write = (table: BufferedTable, rows: readonly Row[]): void => {
    buffers.delete(table)
    if (!wordTables.has(table)) plainRows -= rows.length
    writers[table](rows)
  }
  return {
    add(table, row) {
      const rows = buffers.get(table)
      if (rows === undefined) buffers.set(table, [row])
      else rows.push(row)
      if (!wordTables.has(table)) plainRows += 1
    },
    flushIfMany() {
      const isFull = plainRows >= manyRows
      for (const [table, rows] of buffers) {
        if (wordTables.has(table) ? rows.length >= manyWords : isFull) write(table, rows)
      }
    },
    flush() {
      for (const [table, rows] of buffers) write(table, rows)
    },
    clear() {
      buffers.clear()
      plainRows = 0
    },
  }
}
