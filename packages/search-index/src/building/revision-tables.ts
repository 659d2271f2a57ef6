// Writes packages and their revisions. Nothing here begins or ends a transaction.
import { wordRowBits } from '../schema.js'
import { type Db, onlyValue, rowOf } from '../sqlite.js'
import type { EntryIds, EntryTables } from './entry-tables.js'
import type { CountedRevision, OpenRevision, RevisionHeader } from './read-revision.js'
import type { RowBuffers } from './row-buffers.js'
import { foldedOf, jsonText, metaWords, valueRows, wordsOf } from './words.js'

/** A revision as its row has it. */
export interface StoredRevision {
  readonly id: number
  readonly isLatest: boolean
  readonly files: EntryIds | undefined
}

export interface RevisionTables {
  /** Number of a package; made when it is new. */
  packageId(name: string): number
  find(packageId: number, topHash: string): StoredRevision | undefined
  /** The same by the package's name. */
  findOf(name: string, topHash: string): StoredRevision | undefined
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
  readonly packageId: number
  /** Of the package. */
  readonly name: string
  readonly topHash: string
}

const wordRows = 2 ** wordRowBits

export function revisionTables(db: Db, rows: RowBuffers, entryTables: EntryTables): RevisionTables {
  const findPackage = db.prepare('select id from package where name = ?')
  const addPackage = db.prepare('insert into package (name) values (?) returning id')
  const columns = 'r.id, r.is_latest, r.first_entry, r.last_entry'
  const findRevision = db.prepare(`select ${columns} from revision r where r.package = ? and r.hash = ?`)
  const findByName = db.prepare(
    `select ${columns} from package k join revision r on r.package = k.id where k.name = ? and r.hash = ?`,
  )
  const addRevision = db.prepare(
    `insert into revision
       (package, name, folded, hash, pointer, is_latest, comment, meta, workflow, folded_workflow, size, entries)
       values (?, ?, ?, ?, '', 0, ?, ?, ?, ?, ?, ?) returning id`,
  )
  const setFiles = db.prepare(
    'update revision set size = ?, entries = ?, is_latest = 1, first_entry = ?, last_entry = ? where id = ?',
  )
  const clearFiles = db.prepare('update revision set is_latest = 0, first_entry = null, last_entry = null where id = ?')
  const removals = [
    db.prepare(`delete from revision_words where rowid = ? * ${wordRows}`),
    db.prepare('delete from revision_value where revision = ?'),
    db.prepare('delete from revision where id = ?'),
  ]
  const find = (packageId: number, topHash: string): StoredRevision | undefined =>
    revisionOf(findRevision.get([packageId, topHash]))

  const add = (
    { packageId, name, topHash }: NewRevision,
    { comment, userMeta, workflow }: RevisionHeader,
    { size, entries }: { readonly size: number; readonly entries: number },
  ): number => {
    const header = [comment, jsonText(userMeta), workflow, workflow && foldedOf(workflow)]
    const values = [packageId, name, foldedOf(name), topHash, ...header, size, entries]
    const id = Number(onlyValue(addRevision.get(values)))
    for (const row of valueRows(id, userMeta)) rows.add('revision_value', row)
    const words = [wordsOf(name), comment && wordsOf(comment), metaWords(userMeta), workflow && wordsOf(workflow)]
    rows.add('header_words', [id * wordRows, ...words])
    return id
  }

  const dropFiles = async ({ id, files }: StoredRevision): Promise<void> => {
    if (files !== undefined) await entryTables.remove(id, files)
  }

  return {
    packageId: (name) => Number(onlyValue(findPackage.get([name]) ?? addPackage.get([name]))),
    find,
    findOf: (name, topHash) => revisionOf(findByName.get([name, topHash])),
    addCounted(revision, counted) {
      add(revision, counted, counted)
    },
    async addWithFiles(revision, open) {
      const known = find(revision.packageId, revision.topHash)
      if (known !== undefined) await dropFiles(known)
      const id = known?.id ?? add(revision, open, { size: 0, entries: 0 })
      const { ids, size, count } = await entryTables.add(id, open.batches)
      setFiles.run([size, count, ids?.first ?? null, ids?.last ?? null, id])
    },
    async dropFiles(revision) {
      await dropFiles(revision)
      clearFiles.run([revision.id])
    },
    async drop(revision) {
      rows.flush()
      await dropFiles(revision)
      for (const removal of removals) removal.run([revision.id])
    },
  }
}

function revisionOf(found: unknown): StoredRevision | undefined {
  if (found === undefined) return undefined
  const row = rowOf(found)
  return { id: Number(row.id), isLatest: row.is_latest === 1, files: idsOf(row.first_entry, row.last_entry) }
}

const idsOf = (first: unknown, last: unknown): EntryIds | undefined =>
  typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined
