// Writes and removes the files of revisions. Nothing here begins or ends a transaction.
import type { Entry } from '@quilt-mcp/core'
import { wordRowBits } from '../schema.js'
import { type Db, onlyValue } from '../sqlite.js'
import type { Breathe } from './breath.js'
import { restOfEntries } from './entry-rest.js'
import { distinctWords, wordsOfKeys } from './key-words.js'
import type { RowBuffers } from './row-buffers.js'
import { extensionOf, extensionWord, foldedOf, hasMembers, jsonText, metaWords, valueRows } from './words.js'

/** Ids of the entries of one revision. */
export interface EntryIds {
  readonly first: number
  readonly last: number
}

export interface WrittenFiles {
  /** Undefined: none. */
  readonly ids: EntryIds | undefined
  /** Bytes in all. */
  readonly size: number
  readonly count: number
}

export interface EntryTables {
  /** Adds the files of a revision. @throws what the batches throw */
  add(revision: number, batches: AsyncIterable<readonly Entry[]>): Promise<WrittenFiles>
  remove(revision: number, ids: EntryIds): Promise<void>
}

const entriesInTurn = 250
const rowsRemovedInTurn = 1_000
const wordRows = 2 ** wordRowBits

export function entryTables(db: Db, rows: RowBuffers, breathe: Breathe): EntryTables {
  const lastEntry = db.prepare('select last_entry from revision order by last_entry desc limit 1')
  const removals = [
    'entry_words where rowid',
    'entry_value where entry',
    'entry_rest where first_entry',
    'entry where id',
  ].map((row) => db.prepare(`delete from ${row} between ? and ?`))
  const removeExtensions = db.prepare('delete from entry_ext where revision = ?')
  const removeWords = db.prepare('delete from revision_words where rowid > ? and rowid < ?')

  return {
    async add(revision, batches) {
      const first = Number(onlyValue(lastEntry.get()) ?? 0) + 1
      let next = first
      let bytes = 0
      let wordRow = revision * wordRows
      const fileWords = distinctWords((words) => {
        wordRow += 1
        rows.add('file_words', [wordRow, words])
      })
      const keyWords = wordsOfKeys(fileWords.add)
      const extensions = new Map<string, number>()
      const rest = restOfEntries((row) => rows.add('entry_rest', row))
      const write = ({ logicalKey, physicalKey, size, meta }: Entry): void => {
        const userMeta = meta.get('user_meta')
        const [folded, ext] = [foldedOf(logicalKey), extensionOf(logicalKey)]
        rows.add('entry', [next, revision, logicalKey, folded, ext, size, Number(hasMembers(userMeta))])
        rest.add(next, [physicalKey, jsonText(userMeta)])
        if (ext !== null) extensions.set(ext, (extensions.get(ext) ?? 0) + 1)
        const { folders, base } = keyWords.of(logicalKey)
        const words = folders === '' ? base : `${folders} ${base}`
        rows.add('entry_words', [next, words, base, extensionWord(ext), metaWords(userMeta)])
        if (userMeta !== undefined) for (const row of valueRows(next, userMeta)) rows.add('entry_value', row)
        bytes += size
        next += 1
      }
      for await (const entries of batches) {
        for (let at = 0; at < entries.length; at += entriesInTurn) {
          for (const entry of entries.slice(at, at + entriesInTurn)) write(entry)
          rows.flushIfMany()
          await breathe()
        }
      }
      fileWords.end()
      rest.end()
      for (const [ext, count] of extensions) rows.add('entry_ext', [revision, ext, count])
      const count = next - first
      return { ids: count === 0 ? undefined : { first, last: next - 1 }, size: bytes, count }
    },

    async remove(revision, { first, last }) {
      rows.flush()
      removeWords.run([revision * wordRows, (revision + 1) * wordRows])
      removeExtensions.run([revision])
      for (let from = first; from <= last; from += rowsRemovedInTurn) {
        for (const removal of removals) removal.run([from, Math.min(last, from + rowsRemovedInTurn - 1)])
        await breathe()
      }
    },
  }
}
