import type { Db } from '../sqlite.js'

export type Value = string | number | null
export type Row = readonly Value[]

/** Rows in one statement: measured, 20 and 100 are slower. */
const rowsAtOnce = 50

/** Adds rows to a table. `or fail`: a statement that may be taken back by itself makes SQLite write out what the full text indexes hold in
 * memory, each time. What fails here ends the transaction. */
export function inserter(db: Db, table: string, columns: readonly string[]): (rows: readonly Row[]) => void {
  const row = `(${columns.map(() => '?').join(', ')})`
  const into = `insert or fail into ${table} (${columns.join(', ')}) values `
  const many = db.prepare(into + Array.from({ length: rowsAtOnce }, () => row).join(', '))
  const one = db.prepare(into + row)
  return (rows) => {
    const whole = rows.length - (rows.length % rowsAtOnce)
    for (let at = 0; at < whole; at += rowsAtOnce) many.run(rows.slice(at, at + rowsAtOnce).flat())
    for (const values of rows.slice(whole)) one.run(values)
  }
}

/** Adds rows to a full text index, the first column being `rowid`. By JSON it is faster there, and it takes a rowid only from an integer,
 * where libsql binds floats. */
export function wordInserter(db: Db, table: string, columns: readonly string[]): (rows: readonly Row[]) => void {
  const note = wordNotes(db)
  // The words of an entry's key are among those of its package's files.
  const noted = columns.flatMap((column, index) =>
    index === 0 || (table === 'entry_words' && column !== 'meta') ? [] : [index],
  )
  const values = columns.map((_, index) => `value ->> ${index}`)
  const add = db.prepare(`insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from json_each(?)`)
  return (rows) => {
    add.run([JSON.stringify(rows)])
    note(rows.flatMap((row) => noted.map((index) => row[index] ?? null)))
  }
}

/** Notes the words of texts that are more than digits, each once for all tables: patterns of words are looked up there. */
function wordNotes(db: Db): (texts: readonly Value[]) => void {
  const add = db.prepare('insert or ignore into word select value from json_each(?)')
  return (texts) => {
    const words = new Set<string>()
    for (const text of texts) if (typeof text === 'string') for (const word of text.split(' ')) words.add(word)
    const named = [...words].filter((word) => /\D/.test(word))
    if (named.length > 0) add.run([JSON.stringify(named)])
  }
}
