// Writes packages, pointers and revisions. Nothing here begins or ends a transaction.
import type { Entry } from '@quilt-mcp/core'
import { wordRowBits } from '../schema.js'
import { type Db, onlyValue, rowOf } from '../sqlite.js'
import type { Breathe } from './breath.js'
import { inserter, type Row } from './insert.js'
import type { CountedRevision, OpenRevision, RevisionHeader } from './read-revision.js'
import { extensionOf, foldedOf, jsonText, lastPartOf, metaWords, valueRows, wordsOf } from './words.js'

/** A revision as its row has it. */
export interface StoredRevision {
  readonly id: number
  readonly isLatest: boolean
  /** Ids of its entries. */
  readonly files: { readonly first: number; readonly last: number } | undefined
}

export interface RevisionTables {
  /** Number of a package; made when it is new. */
  packageId(name: string): number
  find(name: string, topHash: string): StoredRevision | undefined
  /** Adds a revision without its files. */
  addCounted(revision: NewRevision, counted: CountedRevision): void
  /** Adds a revision with its files, or the files to one that is there. */
  addWithFiles(revision: NewRevision, open: OpenRevision): Promise<void>
  /** Takes the files from a revision. */
  dropFiles(revision: StoredRevision): Promise<void>
  /** Removes a revision. */
  drop(revision: StoredRevision): Promise<void>
}

export interface NewRevision {
  /** Of the package. */
  readonly name: string
  readonly topHash: string
}

/** Entries whose rows are made and written without a pause. */
const entriesInTurn = 500
/** Different words of keys in one row of the full text index. */
const wordsInRow = 4_096
const rowsRemovedInTurn = 1_000
const wordRows = 2 ** wordRowBits

export function revisionTables(db: Db, breathe: Breathe): RevisionTables {
  const findPackage = db.prepare('select id from package where name = ?')
  const addPackage = db.prepare('insert into package (name) values (?) returning id')
  const findRevision = db.prepare(
    `select r.id, r.is_latest, r.first_entry, r.last_entry from package k join revision r on r.package = k.id
     where k.name = ? and r.hash = ?`,
  )
  const addRevision = db.prepare(
    `insert into revision
       (package, name, folded, hash, pointer, is_latest, comment, meta, workflow, folded_workflow, size, entries)
       values (?, ?, ?, ?, '', 0, ?, ?, ?, ?, ?, ?) returning id`,
  )
  const setFiles = db.prepare(
    'update revision set size = ?, entries = ?, is_latest = 1, first_entry = ?, last_entry = ? where id = ?',
  )
  const lastEntry = db.prepare('select max(id) from entry')
  const addRevisionValues = inserter(db, 'revision_value', valueColumns('revision'))
  const addHeaderWords = inserter(db, 'revision_words', ['rowid', 'name', 'comment', 'meta', 'workflow'])
  const addFileWords = inserter(db, 'revision_words', ['rowid', 'files'])
  const addEntries = inserter(db, 'entry', ['id', 'revision', 'key', 'folded', 'ext', 'size', 'physical_key', 'meta'])
  const addEntryValues = inserter(db, 'entry_value', valueColumns('entry'))
  const addEntryWords = inserter(db, 'entry_words', ['rowid', 'key', 'base', 'meta'])
  const removals = ['entry_words where rowid', 'entry_value where entry', 'entry where id'].map((rows) =>
    db.prepare(`delete from ${rows} between ? and ?`),
  )
  const removeFileWords = db.prepare('delete from revision_words where rowid > ? and rowid < ?')
  const clearFiles = db.prepare('update revision set is_latest = 0, first_entry = null, last_entry = null where id = ?')
  const removeRevision = [
    db.prepare(`delete from revision_words where rowid = ? * ${wordRows}`),
    db.prepare('delete from revision_value where revision = ?'),
    db.prepare('delete from revision where id = ?'),
  ]

  const packageId = (name: string): number => Number(onlyValue(findPackage.get([name]) ?? addPackage.get([name])))
  const find = (name: string, topHash: string): StoredRevision | undefined =>
    revisionOf(findRevision.get([name, topHash]))

  const add = (
    { name, topHash }: NewRevision,
    { comment, userMeta, workflow }: RevisionHeader,
    { size, entries }: { readonly size: number; readonly entries: number },
  ): number => {
    const folded = [foldedOf(name), workflow && foldedOf(workflow)]
    const header = [comment, jsonText(userMeta), workflow, folded[1]]
    const values = [packageId(name), name, folded[0], topHash, ...header, size, entries]
    const id = Number(onlyValue(addRevision.get(values)))
    addRevisionValues(valueRows(id, userMeta))
    const words = [wordsOf(name), comment && wordsOf(comment), metaWords(userMeta), workflow && wordsOf(workflow)]
    addHeaderWords([[id * wordRows, ...words]])
    return id
  }

  /** Writes some entries of a revision. @param id of the first one */
  const writeEntries = (revision: number, id: number, entries: readonly Entry[]): void => {
    const rows: Row[] = []
    const words: Row[] = []
    const values: Row[] = []
    for (const [index, { logicalKey, physicalKey, size, meta }] of entries.entries()) {
      const entry = id + index
      const userMeta = meta.get('user_meta')
      const [folded, ext] = [foldedOf(logicalKey), extensionOf(logicalKey)]
      rows.push([entry, revision, logicalKey, folded, ext, size, physicalKey, jsonText(userMeta)])
      words.push([entry, wordsOf(logicalKey), wordsOf(lastPartOf(logicalKey)), metaWords(userMeta)])
      if (userMeta !== undefined) values.push(...valueRows(entry, userMeta))
    }
    addEntries(rows)
    addEntryWords(words)
    if (values.length > 0) addEntryValues(values)
  }

  return {
    packageId,
    find,
    addCounted(revision, counted) {
      add(revision, counted, counted)
    },
    async addWithFiles(revision, open) {
      const known = find(revision.name, revision.topHash)
      if (known !== undefined) await dropFiles(known)
      const id = known?.id ?? add(revision, open, { size: 0, entries: 0 })
      const first = Number(onlyValue(lastEntry.get()) ?? 0) + 1
      let next = first
      let size = 0
      const fileWords = wordRowsOf(id, addFileWords)
      const write = async (entries: readonly Entry[]): Promise<void> => {
        for (let at = 0; at < entries.length; at += entriesInTurn) {
          const some = entries.slice(at, at + entriesInTurn)
          writeEntries(id, next, some)
          for (const entry of some) {
            size += entry.size
            fileWords.add(wordsOf(entry.logicalKey))
          }
          next += some.length
          await breathe()
        }
      }
      for (const entries of open.first) await write(entries)
      if (open.rest !== undefined) for await (const entries of open.rest) await write(entries)
      fileWords.end()
      const count = next - first
      setFiles.run([size, count, count === 0 ? null : first, count === 0 ? null : next - 1, id])
    },
    async dropFiles(revision) {
      await dropFiles(revision)
      clearFiles.run([revision.id])
    },
    async drop(revision) {
      await dropFiles(revision)
      for (const removal of removeRevision) removal.run([revision.id])
    },
  }

  async function dropFiles({ id, files }: StoredRevision): Promise<void> {
    if (files === undefined) return
    const { first, last } = files
    removeFileWords.run([id * wordRows, (id + 1) * wordRows])
    for (let from = first; from <= last; from += rowsRemovedInTurn) {
      for (const removal of removals) removal.run([from, Math.min(last, from + rowsRemovedInTurn - 1)])
      await breathe()
    }
  }
}

/** Gathers the different words of keys, and writes them in rows that are not too long. */
function wordRowsOf(revision: number, write: (rows: readonly Row[]) => void) {
  const words = new Set<string>()
  let row = revision * wordRows
  const flush = (): void => {
    if (words.size === 0) return
    row += 1
    write([[row, [...words].join(' ')]])
    words.clear()
  }
  return {
    add(text: string): void {
      for (const word of text.split(' ')) words.add(word)
      if (words.size >= wordsInRow) flush()
    },
    end: flush,
  }
}

const valueColumns = (owner: string): readonly string[] => [owner, 'path', 'type', 'number', 'text']

function revisionOf(found: unknown): StoredRevision | undefined {
  if (found === undefined) return undefined
  const row = rowOf(found)
  return { id: Number(row.id), isLatest: row.is_latest === 1, files: filesOf(row.first_entry, row.last_entry) }
}

const filesOf = (first: unknown, last: unknown): StoredRevision['files'] =>
  typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined
