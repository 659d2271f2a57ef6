// Which rows a query finds: from what tables, under which conditions.
import type { Query } from '@quilt-mcp/core'
import { conditionOf, isOfPackage, plainCondition } from './conditions.js'
import { allOfText, butNot } from './full-text.js'
import type { Meaning } from './meaning.js'
import { rowOfAll, textIn } from './rows.js'
import { always, every, type Sql, sql } from './sql.js'
import { entryWords, matchOf, narrowingOf, objectWords } from './text-query.js'

/** The rows that are found, as SQL behind `select ...`. */
export interface Found {
  /** `e` or `o` with the columns of the row, `r` with those of its revision; of packages all is `r`. */
  readonly whole: Sql
  /** Without `r`, for entries. */
  readonly own: Sql
  /** For counting. */
  readonly bare: Sql
}

/** What to look for in a table of files: entries or objects. */
export interface FileQuery {
  readonly scope: 'entries' | 'objects'
  /** What the full text index is asked: one expression for all that it knows. Absent: nothing. */
  readonly match: string | undefined
  /** What else holds of the row. */
  readonly condition: Sql
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
export function foundFiles({ scope, match, condition, ofPackage }: FileQuery, { db, costs }: Meaning): Found {
  const { row, id } = rowsOfScope[scope]
  const revision = scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``
  const words = { text: wordsOf(scope), values: [] }
  if (ofPackage !== undefined && (match === undefined || countOf(db, ofPackage) <= costs.fewPackages)) {
    return foundByPackages({ match, condition, ofPackage })
  }
  const conditions = every([...(ofPackage === undefined ? [] : [inPackages(ofPackage)]), condition])
  if (match === undefined) {
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
    bare: conditions === always ? sql`from ${words} w ${matching}` : own,
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
  const { count, few } = countedUpTo(found, meaning)
  if (few !== undefined) return { total: count, few }
  return { total: Number(rowOfAll(meaning.db, sql`select count(*) ${found.bare}`)[0]) }
}

/** Which rows there are, as a list in JSON. Absent: they are not few. */
export function countedUpTo(
  { own }: Found,
  { db, scope, costs }: Meaning,
): { readonly count: number; readonly few?: string } {
  const { id } = rowsOfScope[scope]
  const rows = sql`select ${id} as id ${own} limit ${costs.fewRows + 1}`
  const [number, ids] = rowOfAll(db, sql`select count(*), json_group_array(id) from (${rows})`)
  const count = Number(number)
  return count > costs.fewRows ? { count } : { count, few: textIn(ids) ?? '[]' }
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
  for (const operand of query.kind === 'and' ? query.operands : [query]) {
    const match = matchOf(operand, meaning)
    const leftOut = operand.kind === 'not' ? matchOf(operand.operand, meaning) : undefined
    if (match !== undefined) found.push(match)
    else if (leftOut !== undefined) left.push({ match: leftOut, operand })
    else if (scope === 'entries' && isOfPackage(operand)) {
      ofPackage.push(conditionOf(operand, { ...meaning, scope: 'packages' }))
    } else {
      const narrowing = narrowingOf(operand)
      if (narrowing !== undefined && isNarrow(narrowing, scope, meaning)) found.push(narrowing)
      conditions.push(plainCondition(operand, meaning))
    }
  }
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
    ofPackage: ofPackage.length === 0 ? undefined : every(ofPackage),
  }
}

/** Whether few enough rows match, so that it is worth asking. */
function isNarrow(match: string, scope: FileQuery['scope'], { db, costs }: Meaning): boolean {
  const words = { text: wordsOf(scope), values: [] }
  const rows = sql`select 1 from ${words} where ${words} match ${match} limit ${costs.narrow + 1}`
  return Number(rowOfAll(db, sql`select count(*) from (${rows})`)[0]) <= costs.narrow
}
