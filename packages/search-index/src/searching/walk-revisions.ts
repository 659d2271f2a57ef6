// Entries in the order of their packages: package by package, until there are enough.
import type { FileQuery } from './file-query.js'
import type { Meaning } from './meaning.js'
import { type OrderKey, orderBy } from './order.js'
import type { PageWish, PlacedRow } from './page-wish.js'
import { isAfter } from './position.js'
import { rowsOf } from './rows.js'
import { always, every, joined, type Sql, type SqlValue, some, sql } from './sql.js'

/** Packages that are looked through without a pause. */
const packagesInTurn = 200
/** The same where the numbers of the entries are known. */
const packagesAtOnce = 1_000

interface WalkedFiles {
  readonly files: FileQuery
  readonly meaning: Meaning
  /** Their numbers, in no order. Undefined: each package is asked for its own. */
  readonly ids: readonly number[] | undefined
}

/** The next entries. @param wish its keys are of the revision, but for the last: the place in it */
export async function walkRevisions(
  { files, meaning, ids }: WalkedFiles,
  { keys, after, limit, signal }: PageWish,
): Promise<readonly PlacedRow[]> {
  const ofRevision = keys.slice(0, -1)
  const next = ids === undefined ? entriesOf(files, meaning) : entriesAmong(ids)
  const most = ids === undefined ? packagesInTurn : packagesAtOnce
  const rows: PlacedRow[] = []
  let from: Start | undefined = after === undefined ? undefined : { place: after.slice(0, -1), isIn: true }
  for (;;) {
    const revisions = nextRevisions({ files, meaning, keys: ofRevision, most }, from)
    for (const { first, last, place } of revisions) {
      const isStarted = after !== undefined && place.every((value, index) => value === after[index])
      const start = isStarted ? first + Number(after.at(-1)) + 1 : first
      for (const id of next(start, last, limit - rows.length)) rows.push({ id, place: [...place, id - first] })
      if (rows.length === limit) return rows
    }
    const last = revisions.at(-1)
    if (last === undefined || revisions.length < most) return rows
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
  { files, meaning, keys, most }: { files: FileQuery; meaning: Meaning; keys: readonly OrderKey[]; most: number },
  from: Start | undefined,
): readonly WalkedRevision[] {
  const values = keys.map(({ value }) => value)
  const columns = values.map((value, index) => sql`${value} as ${{ text: `k${index}`, values: [] }}`)
  const where = every([
    sql`r.is_latest = 1`,
    sql`r.first_entry is not null`,
    files.packages?.condition ?? always,
    ...(from === undefined ? [] : [startOf(keys, values, from)]),
  ])
  return rowsOf(
    meaning.db,
    sql`select r.first_entry, r.last_entry, ${joined(columns, ', ')} from revision r where ${where}
      ${orderBy(keys)} limit ${most}`,
  ).map(([first, last, ...place]) => ({ first: Number(first), last: Number(last), place }))
}

function startOf(keys: readonly OrderKey[], values: readonly Sql[], { place, isIn }: Start): Sql {
  const behind = isAfter(keys, values, place)
  const same = every(values.map((value, index) => sql`${value} = ${place[index] ?? null}`))
  return isIn ? some([behind, same]) : behind
}

/** Tells the numbers of entries that are found in a stretch, in their order. */
type EntriesIn = (first: number, last: number, limit: number) => readonly number[]

function entriesAmong(ids: readonly number[]): EntriesIn {
  const sorted = Float64Array.from(ids).sort()
  return (first, last, limit) => {
    let [from, end] = [0, sorted.length]
    while (from < end) {
      const middle = (from + end) >> 1
      if ((sorted[middle] ?? 0) < first) from = middle + 1
      else end = middle
    }
    return [...sorted.subarray(from, from + limit)].filter((id) => id <= last)
  }
}

function entriesOf({ match, condition }: FileQuery, { db }: Meaning): EntriesIn {
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
