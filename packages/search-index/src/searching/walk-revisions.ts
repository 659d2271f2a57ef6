// Entries in the order of their packages: package by package, until there are enough.
import type { FileQuery } from './found.js'
import type { Meaning } from './meaning.js'
import { type OrderKey, orderBy } from './order.js'
import type { PageWish, PlacedRow } from './page-wish.js'
import { isAfter } from './position.js'
import { rowsOf } from './rows.js'
import { always, every, joined, type Sql, type SqlValue, some, sql } from './sql.js'

/** Packages that are looked through without a pause. */
const packagesInTurn = 200

/** The next entries. @param wish its keys are of the revision, but for the last: the place in it */
export async function walkRevisions(
  files: FileQuery,
  meaning: Meaning,
  { keys, after, limit, signal }: PageWish,
): Promise<readonly PlacedRow[]> {
  const ofRevision = keys.slice(0, -1)
  const next = entriesOf(files, meaning)
  const rows: PlacedRow[] = []
  let from: Start | undefined = after === undefined ? undefined : { place: after.slice(0, -1), isIn: true }
  for (;;) {
    const revisions = nextRevisions({ files, meaning, keys: ofRevision }, from)
    for (const { first, last, place } of revisions) {
      const isStarted = after !== undefined && place.every((value, index) => value === after[index])
      const start = isStarted ? first + Number(after.at(-1)) + 1 : first
      for (const id of next(start, last, limit - rows.length)) rows.push({ id, place: [...place, id - first] })
      if (rows.length === limit) return rows
    }
    const last = revisions.at(-1)
    if (last === undefined || revisions.length < packagesInTurn) return rows
    from = { place: last.place, isIn: false }
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  }
}

/** Where to go on: behind a package, or in it. */
interface Start {
  readonly place: readonly SqlValue[]
  readonly isIn: boolean
}

interface WalkedRevision {
  readonly first: number
  readonly last: number
  readonly place: readonly SqlValue[]
}

function nextRevisions(
  { files, meaning, keys }: { files: FileQuery; meaning: Meaning; keys: readonly OrderKey[] },
  from: Start | undefined,
): readonly WalkedRevision[] {
  const values = keys.map(({ value }) => value)
  const columns = values.map((value, index) => sql`${value} as ${{ text: `k${index}`, values: [] }}`)
  const where = every([
    sql`r.is_latest = 1`,
    sql`r.first_entry is not null`,
    files.ofPackage ?? always,
    ...(from === undefined ? [] : [startOf(keys, values, from)]),
  ])
  return rowsOf(
    meaning.db,
    sql`select r.first_entry, r.last_entry, ${joined(columns, ', ')} from revision r where ${where}
      ${orderBy(keys)} limit ${packagesInTurn}`,
  ).map(([first, last, ...place]) => ({ first: Number(first), last: Number(last), place }))
}

function startOf(keys: readonly OrderKey[], values: readonly Sql[], { place, isIn }: Start): Sql {
  const behind = isAfter(keys, values, place)
  const same = every(values.map((value, index) => sql`${value} = ${place[index] ?? null}`))
  return isIn ? some([behind, same]) : behind
}

/** Tells the numbers of entries that are found in a stretch, in their order. */
function entriesOf(
  { match, condition }: FileQuery,
  { db }: Meaning,
): (first: number, last: number, limit: number) => readonly number[] {
  const { text, values } = entriesSql(match, condition)
  const statement = db.prepare(text).raw()
  return (first, last, limit) =>
    statement.all(...values, first, last, limit).map((row) => (Array.isArray(row) ? Number(row[0]) : 0))
}

function entriesSql(match: string | undefined, condition: Sql): Sql {
  // The full text index takes the bounds of a stretch only as integers.
  const stretch = sql`between cast(? as integer) and cast(? as integer)`
  if (match === undefined)
    return sql`select e.id from entry e where ${condition} and e.id ${stretch} order by e.id limit ?`
  const matching = sql`where w.entry_words match ${match}`
  if (condition === always) {
    return sql`select w.rowid from entry_words w ${matching} and w.rowid ${stretch} order by w.rowid limit ?`
  }
  return sql`select w.rowid from entry_words w cross join entry e on e.id = w.rowid ${matching} and ${condition}
    and w.rowid ${stretch} order by w.rowid limit ?`
}
