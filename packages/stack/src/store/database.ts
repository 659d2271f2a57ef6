// Opens the one SQLite file of a stack. Every table is created by the module that owns it, with `create table if not exists`.
import Database from 'libsql'

/** The stack's SQLite connection (synchronous, one per process). */
export type Db = Database.Database

/** Opens, or creates, the database of a stack. A commit is on disk when the call that made it returns.
 * @param file path of the database file */
export function openDatabase(file: string): Db {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  db.pragma('cache_size = -32768') // KiB: pages of a listing come from memory
  return db
}
