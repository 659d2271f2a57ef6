// Writes which revision each pointer names. Nothing here begins or ends a transaction.
import type { ListedPointer } from '../source.js'
import { type Db, onlyValue } from '../sqlite.js'
import type { RevisionTables } from './revision-tables.js'

export type PointerName = Omit<ListedPointer, 'stamp'>

/** A pointer that was read. */
export interface ReadPointer extends ListedPointer {
  readonly topHash: string
}

export interface PointerTables {
  /** What the pointer held when it had this stamp. */
  known(pointer: ListedPointer): string | undefined
  /** Points it to its revision, which is in the tables. What it named before may lose its files, or go. */
  point(pointer: ReadPointer): Promise<void>
  /** Removes it. What it named may lose its files, or go. */
  remove(pointer: PointerName): Promise<void>
  /** Notes that what it names could not be read: it counts as removed, and is read again the next time. */
  miss(pointer: PointerName, why: string): Promise<void>
  /** Removes packages that have no pointer, and forgets what could not be read of pointers that are gone. */
  tidy(): void
}

export function pointerTables(db: Db, revisions: RevisionTables): PointerTables {
  const known = db.prepare(
    `select p.hash from pointer p join package k on k.id = p.package
       where k.name = ? and p.pointer = ? and p.stamp = ?`,
  )
  const hashOf = db.prepare('select hash from pointer where package = ? and pointer = ?')
  const set = db.prepare('insert or replace into pointer (package, pointer, stamp, hash) values (?, ?, ?, ?)')
  const remove = db.prepare('delete from pointer where package = ? and pointer = ?')
  const pointersTo = db.prepare('select pointer from pointer where package = ? and hash = ?').pluck()
  const named = db.prepare('update revision set pointer = ?, modified = ?, is_latest = ? where id = ?')
  const addUnreadable = db.prepare('insert or replace into unreadable (name, pointer, why) values (?, ?, ?)')
  const forgetUnreadable = db.prepare('delete from unreadable where name = ? and pointer = ?')

  /** Brings a revision in line with the pointers to it. */
  const settle = async (packageId: number, topHash: string): Promise<void> => {
    const revision = revisions.find(packageId, topHash)
    if (revision === undefined) return
    const pointers = pointersTo.all([packageId, topHash]).map(String)
    if (pointers.length === 0) return revisions.drop(revision)
    const isLatest = pointers.includes('latest')
    if (revision.isLatest && !isLatest) await revisions.dropFiles(revision)
    const times = pointers.filter((pointer) => /^\d{1,12}$/.test(pointer)).map(Number)
    const newest = times.length === 0 ? undefined : Math.max(...times)
    const pointer = isLatest ? 'latest' : (newest?.toFixed() ?? pointers[0] ?? '')
    named.run([pointer, newest === undefined ? null : newest * 1_000, isLatest ? 1 : 0, revision.id])
  }

  const removeOne = async ({ name, pointer }: PointerName): Promise<void> => {
    const packageId = revisions.packageId(name)
    const before = onlyValue(hashOf.get([packageId, pointer]))
    remove.run([packageId, pointer])
    if (typeof before === 'string') await settle(packageId, before)
  }

  return {
    known({ name, pointer, stamp }) {
      const hash = onlyValue(known.get([name, pointer, stamp]))
      return typeof hash === 'string' ? hash : undefined
    },
    async point({ name, pointer, stamp, topHash }) {
      const packageId = revisions.packageId(name)
      const before = onlyValue(hashOf.get([packageId, pointer]))
      set.run([packageId, pointer, stamp, topHash])
      forgetUnreadable.run([name, pointer])
      if (typeof before === 'string' && before !== topHash) await settle(packageId, before)
      await settle(packageId, topHash)
    },
    remove: removeOne,
    async miss(pointer, why) {
      await removeOne(pointer)
      addUnreadable.run([pointer.name, pointer.pointer, why])
    },
    tidy() {
      db.exec(`delete from package where id not in (select package from pointer);
        delete from unreadable where not exists
          (select 1 from listed l where l.name = unreadable.name and l.pointer = unreadable.pointer)`)
    },
  }
}
