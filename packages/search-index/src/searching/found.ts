// Which rows a query finds: from what tables, under which conditions.
import type { FieldQuery, Query } from '@quilt-mcp/core'
import { conditionOf, isOfPackage, plainCondition } from './conditions.js'
import { allOfText, butNot } from './full-text.js'
import type { Meaning } from './meaning.js'
import { rowOfAll, rowsOf, textIn } from './rows.js'
import { always, every, type Sql, sql } from './sql.js'
import { entryWords, extensionWords, matchOf, narrowingOf, objectWords } from './text-query.js'

/** The rows that are found, as SQL behind `select ...`. */
export interface Found {
  /** `e` or `o` with the columns of the row, `r` with those of its revision; of packages all is `r`. */
  readonly whole: Sql
  /** Without `r`, for entries. */
  readonly own: Sql
  /** For counting. */
  readonly bare: Sql
  /** Number of a row of those that are counted. Absent: that of the row itself. */
  readonly bareId?: Sql
  /** What can be counted by numbers alone: rows that match, as far as they lie in the stretches. */
  readonly counting?: { readonly ids: Sql; readonly stretches: readonly Stretch[] }
}

/** What to look for in a table of files: entries or objects. */
export interface FileQuery {
  readonly scope: 'entries' | 'objects'
  /** What the full text index is asked: one expression for all that it knows. Absent: nothing. */
  readonly match: string | undefined
  /** What else holds of the row. */
  readonly condition: Sql
  /** Whether few rows are of the sizes that are asked for. */
  readonly bySize: boolean
  /** What holds of its revision. Absent: nothing is asked of it. */
  readonly ofPackage: Sql | undefined
}

/** Packages that a query finds. */
export function foundPackages(query: Query, meaning: Meaning, allRevisions: boolean): Found {
  const latest = allRevisions ? [] : [sql`r.is_latest = 1`]
  const rows = sql`from revision r where ${every([...latest, conditionOf(query, meaning)])}`
  return { whole: rows, own: rows, bare: rows }
}

/** Files that a query finds. */
export function foundFiles({ scope, match, condition, ofPackage, bySize }: FileQuery, meaning: Meaning): Found {
  const { db, costs } = meaning
  const { row, id } = rowsOfScope[scope]
  const revision = scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``
  const words = { text: wordsOf(scope), values: [] }
  if (ofPackage !== undefined && (match === undefined || countOf(db, ofPackage) <= costs.fewPackages)) {
    return foundByPackages({ match, condition, ofPackage })
  }
  if (ofPackage !== undefined && match !== undefined && condition === always) {
    const stretches = stretchesOf(db, ofPackage)
    if (stretches.length <= costs.fewStretches) return foundInStretches(match, stretches)
    const joined = foundFiles({ scope, match, condition: inPackages(ofPackage), ofPackage: undefined, bySize }, meaning)
    return { ...joined, counting: { ids: sql`from entry_words w where w.entry_words match ${match}`, stretches } }
  }
  const conditions = every([...(ofPackage === undefined ? [] : [inPackages(ofPackage)]), condition])
  if (match === undefined) {
    const row = rowBy(scope, bySize)
    const own = sql`from ${row} where ${conditions}`
    return {
      whole: sql`from ${row} ${revision} where ${conditions}`,
      own,
      bare: conditions === always ? sql`from ${row}` : own,
    }
  }
  const matching = sql`where w.${words} match ${match}`
  const rows = sql`from ${words} w cross join ${row} on ${id} = w.rowid`
  const own = sql`${rows} ${matching} and ${conditions}`
  return {
    whole: sql`${rows} ${revision} ${matching} and ${conditions}`,
    own,
    ...(conditions === always ? { bare: sql`from ${words} w ${matching}`, bareId: sql`w.rowid` } : { bare: own }),
  }
}

function foundByPackages({
  match,
  condition,
  ofPackage,
}: Pick<FileQuery, 'match' | 'condition'> & { ofPackage: Sql }): Found {
  const stretch = sql`between r.first_entry and r.last_entry`
  const where = every([sql`r.is_latest = 1`, ofPackage, condition])
  const rows =
    match === undefined
      ? sql`from revision r cross join entry e on e.id ${stretch} where ${where}`
      : sql`from revision r cross join entry_words w on w.rowid ${stretch} cross join entry e on e.id = w.rowid
          where w.entry_words match ${match} and ${where}`
  return { whole: rows, own: rows, bare: rows }
}

const rowsOfScope = {
  packages: { row: sql`revision r`, id: sql`r.id` },
  entries: { row: sql`entry e`, id: sql`e.id` },
  objects: { row: sql`object o`, id: sql`o.id` },
} as const

/** Rows by their numbers. @param ids a list in JSON */
export function rowsByNumber(ids: string, { scope }: Meaning): Found {
  const { row, id } = rowsOfScope[scope]
  const own = sql`from json_each(${ids}) j cross join ${row} on ${id} = j.value where 1`
  const revision = scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``
  return {
    whole: sql`from json_each(${ids}) j cross join ${row} on ${id} = j.value ${revision} where 1`,
    own,
    bare: own,
  }
}

/** How many rows there are, and when they are few, which. */
export function counted(found: Found, meaning: Meaning): { readonly total: number; readonly few?: string } {
  if (found.counting !== undefined) return countedInStretches(found.counting, meaning)
  const most = Math.max(meaning.costs.listed, meaning.costs.fewRows)
  const { count, few } = countedUpTo(found, meaning, most)
  if (count <= most) return { total: count, ...(few === undefined ? {} : { few }) }
  return { total: Number(rowOfAll(meaning.db, sql`select count(*) ${found.bare}`)[0]) }
}

/** How many rows there are, up to one more than are listed; and which, as a list in JSON. Absent: they are not few. */
export function countedUpTo(
  { own, bare, bareId }: Found,
  { db, scope }: Meaning,
  most: number,
): { readonly count: number; readonly few?: string } {
  const { id } = rowsOfScope[scope]
  const from = bareId === undefined ? sql`${id} as id ${own}` : sql`${bareId} as id ${bare}`
  const rows = sql`select ${from} limit ${most + 1}`
  const [number, ids] = rowOfAll(db, sql`select count(*), json_group_array(id) from (${rows})`)
  const count = Number(number)
  return count > most ? { count } : { count, few: textIn(ids) ?? '[]' }
}

/** Numbers alone are got from SQLite, and compared here: to look for the package of each takes ten times as long. */
function countedInStretches(
  { ids, stretches }: NonNullable<Found['counting']>,
  { db, costs }: Meaning,
): { readonly total: number; readonly few?: string } {
  const [list] = rowOfAll(db, sql`select json_group_array(rowid) ${ids}`)
  const rows: unknown = JSON.parse(textIn(list) ?? '[]')
  const found: unknown[] = []
  let at = 0
  for (const row of Array.isArray(rows) ? rows : []) {
    while (row > (stretches[at]?.[1] ?? Number.POSITIVE_INFINITY)) at += 1
    if (row >= (stretches[at]?.[0] ?? Number.POSITIVE_INFINITY)) found.push(row)
  }
  const isFew = found.length <= Math.max(costs.listed, costs.fewRows)
  return { total: found.length, ...(isFew ? { few: JSON.stringify(found) } : {}) }
}

type Stretch = readonly [first: number, last: number]

/** The numbers of the entries of packages; neighbours are one stretch. */
function stretchesOf(db: Meaning['db'], ofPackage: Sql): readonly Stretch[] {
  const stretches: [number, number][] = []
  const rows = sql`select r.first_entry, r.last_entry from revision r
    where r.is_latest = 1 and r.first_entry is not null and ${ofPackage} order by r.last_entry`
  for (const [first, last] of rowsOf(db, rows)) {
    const before = stretches.at(-1)
    if (before !== undefined && before[1] + 1 === first) before[1] = Number(last)
    else stretches.push([Number(first), Number(last)])
  }
  return stretches
}

function foundInStretches(match: string, stretches: readonly Stretch[]): Found {
  const words = sql`from json_each(${JSON.stringify(stretches)}) s
    cross join entry_words w on w.rowid between s.value ->> 0 and s.value ->> 1`
  const entry = sql`cross join entry e on e.id = w.rowid`
  const matching = sql`where w.entry_words match ${match}`
  return {
    whole: sql`${words} ${entry} cross join revision r on r.id = e.revision ${matching}`,
    own: sql`${words} ${entry} ${matching}`,
    bare: sql`${words} ${matching}`,
    bareId: sql`w.rowid`,
  }
}

export const wordsOf = (scope: FileQuery['scope']): string => (scope === 'entries' ? entryWords : objectWords).words

const inPackages = (ofPackage: Sql): Sql =>
  sql`e.revision in (select r.id from revision r where r.is_latest = 1 and ${ofPackage})`

const countOf = (db: Meaning['db'], ofPackage: Sql): number =>
  Number(rowOfAll(db, sql`select count(*) from revision r where r.is_latest = 1 and ${ofPackage}`)[0])

/** Takes a query apart into what each table knows of it. */
export function fileQuery(query: Query, scope: FileQuery['scope'], meaning: Meaning): FileQuery {
  const found: string[] = []
  const left: { readonly match: string; readonly operand: Query }[] = []
  const conditions: Sql[] = []
  const ofPackage: Sql[] = []
  let bySize = false
  const ofExtensions: string[] = []
  for (const operand of query.kind === 'and' ? query.operands : [query]) {
    const match = matchOf(operand, meaning)
    const leftOut = operand.kind === 'not' ? matchOf(operand.operand, meaning) : undefined
    if (match !== undefined) found.push(match)
    else if (leftOut !== undefined) left.push({ match: leftOut, operand })
    else if (scope === 'entries' && isOfPackage(operand)) {
      ofPackage.push(conditionOf(operand, { ...meaning, scope: 'packages' }))
    } else {
      const narrowing = narrowingOf(operand, meaning)
      if (narrowing !== undefined && isNarrow(narrowing, scope, meaning)) found.push(narrowing)
      bySize ||= operand.kind === 'field' && operand.field === 'size' && isOfFewSizes(operand, scope, meaning)
      const words = operand.kind === 'field' ? extensionWords(operand) : undefined
      if (words !== undefined) ofExtensions.push(words)
      conditions.push(plainCondition(operand, meaning))
    }
  }
  if (found.length > 0) found.push(...ofExtensions)
  if (found.length === 0) conditions.push(...left.map(({ operand }) => plainCondition(operand, meaning)))
  return {
    scope,
    match:
      found.length === 0
        ? undefined
        : butNot(
            allOfText(found),
            left.map(({ match }) => match),
          ),
    condition: every(conditions),
    bySize,
    ofPackage: ofPackage.length === 0 ? undefined : every(ofPackage),
  }
}

const rowBy = (scope: FileQuery['scope'], bySize: boolean): Sql => {
  const { row } = rowsOfScope[scope]
  return bySize
    ? { text: `${row.text} indexed by ${scope === 'entries' ? 'entry_size' : 'object_size'}`, values: [] }
    : row
}

/** Whether few rows are of the sizes that are asked for. */
function isOfFewSizes(operand: FieldQuery, scope: FileQuery['scope'], meaning: Meaning): boolean {
  if (operand.match.by !== 'range') return false
  const rows = sql`select 1 from ${rowBy(scope, true)} where ${plainCondition(operand, meaning)} limit ${meaning.costs.narrow + 1}`
  return Number(rowOfAll(meaning.db, sql`select count(*) from (${rows})`)[0]) <= meaning.costs.narrow
}

/** Whether few enough rows match, so that it is worth asking. */
function isNarrow(match: string, scope: FileQuery['scope'], { db, costs }: Meaning): boolean {
  const words = { text: wordsOf(scope), values: [] }
  const rows = sql`select 1 from ${words} where ${words} match ${match} limit ${costs.narrow + 1}`
  return Number(rowOfAll(db, sql`select count(*) from (${rows})`)[0]) <= costs.narrow
}
