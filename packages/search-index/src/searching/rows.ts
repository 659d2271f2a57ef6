// What SQLite answers.
import { QuiltError } from '@quilt-mcp/core'
import type { Db } from './meaning.js'
import type { Sql, SqlValue } from './sql.js'

export type SqlRow = readonly SqlValue[]

/** All rows of an answer, each as the list of its columns. */
export function rowsOf(db: Db, { text, values }: Sql): readonly SqlRow[] {
  return db
    .prepare(text)
    .raw()
    .all(...values)
    .map(rowOf)
}

/** The one row that an aggregate answers. */
export function rowOfAll(db: Db, asked: Sql): SqlRow {
  return rowsOf(db, asked)[0] ?? []
}

function rowOf(row: unknown): SqlRow {
  if (Array.isArray(row) && row.every(isValue)) return row
  throw new QuiltError('internal', 'The search index answers with what it does not hold', {
    hint: 'Delete the index: it is built again.',
  })
}

function isValue(value: unknown): value is SqlValue {
  return typeof value === 'string' || typeof value === 'number' || value === null
}

/** A column that is text, or nothing. */
export const textIn = (value: SqlValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

/** A column that is a number, or nothing. */
export const numberIn = (value: SqlValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined
