import type { Db } from '../sqlite.js'

export type Value = string | number | null
export type Row = readonly Value[]

/** Rows in one statement: measured, 20 and 100 are slower. */
const rowsAtOnce = 50

/** Adds rows to a table.
 * @param columns the first is the number of the row, or of its owner */
export function inserter(db: Db, table: string, columns: readonly string[]): (rows: readonly Row[]) => void {
  // The full text index takes a rowid only from an integer, and numbers are bound as they come.
  const row = `(cast(? as integer)${', ?'.repeat(columns.length - 1)})`
  const into = `insert into ${table} (${columns.join(', ')}) values `
  const many = db.prepare(into + Array.from({ length: rowsAtOnce }, () => row).join(', '))
  const one = db.prepare(into + row)
  return (rows) => {
    const whole = rows.length - (rows.length % rowsAtOnce)
    for (let at = 0; at < whole; at += rowsAtOnce) many.run(rows.slice(at, at + rowsAtOnce).flat())
    for (const values of rows.slice(whole)) one.run(values)
  }
}
