// What this package asks of libsql, and what its errors mean.
import type Database from 'libsql'

/** A connection to an index. */
export type Db = Database.Database

/** Opens a database file; made of the module that is loaded at the first use of an index. */
export type OpenDatabase = (path: string) => Db

// A file that was cut short says so, or, while a full text index is opened in it, only that it cannot be read.
const damage = /^SQLITE_(?:CORRUPT|NOTADB|IOERR_SHORT_READ|IOERR$)/

/** Whether an error says that the file is no index, or no whole one. */
export const isDamage = (error: unknown): boolean => damage.test(sqliteCode(error))

/** Whether another connection has what was asked for. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(sqliteCode(error))

/** Code of an error of SQLite; empty for others. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : ''
}

/** A row by the names of its columns. */
export function rowOf(row: unknown): Readonly<Record<string, unknown>> {
  if (isRow(row)) return row
  throw new TypeError('the statement gives no rows')
}

/** The value of a row of one column; undefined when there is no row. (libsql plucks from `all` only.) */
export const onlyValue = (row: unknown): unknown => (row === undefined ? undefined : Object.values(rowOf(row))[0])

const isRow = (row: unknown): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null
