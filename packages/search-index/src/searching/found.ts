// Which rows a query finds: from what tables, under which conditions.
import type { Query } from '@quilt-mcp/core'
import type { AskedPackages } from './asked-packages.js'
import { conditionOf } from './conditions.js'
import { type FileQuery, rowBy, wordsOf } from './file-query.js'
import type { Meaning } from './meaning.js'
import { always, every, type Sql, sql } from './sql.js'

/** The rows that are found, as SQL behind `select ...`. */
export interface Found {
  /** `e` or `o` with the columns of the row, `r` with those of its revision; of packages all is `r`. */
  readonly whole: Sql
  /** Without `r`, for entries. */
  readonly own: Sql
  /** For counting. */
  readonly bare: Sql
  /** Number of a row of those that are counted. */
  readonly bareId: Sql
  /** Whether the full text index alone can count them. */
  readonly isCounted?: boolean
  /** Rows that the full text index knows, of packages: both are known by numbers alone. */
  readonly within?: { readonly match: string; readonly packages: AskedPackages }
  /** All files of packages are found; what holds of these (`r`). */
  readonly allOf?: Sql
}

/** Packages that a query finds. */
export function foundPackages(query: Query, meaning: Meaning, allRevisions: boolean): Found {
  const latest = allRevisions ? [] : [sql`r.is_latest = 1`]
  const rows = sql`from revision r where ${every([...latest, conditionOf(query, meaning)])}`
  return { whole: rows, own: rows, bare: rows, bareId: sql`r.id` }
}

/** Files that a query finds. */
export function foundFiles(files: FileQuery, { costs }: Meaning): Found {
  const { scope, match, packages } = files
  const allOf = scope === 'entries' && match === undefined && files.condition === always
  if (packages !== undefined && (match === undefined || packages.count <= costs.fewPackages)) {
    return { ...foundByPackages(files, packages), ...(allOf && { allOf: packages.condition }) }
  }
  const inPackages =
    packages && sql`e.revision in (select r.id from revision r where r.is_latest = 1 and ${packages.condition})`
  const condition = every([inPackages ?? always, files.condition])
  if (match === undefined) return { ...foundAmongAll(files, condition), ...(allOf && { allOf: always }) }
  const isWithin = packages !== undefined && files.condition === always
  return { ...foundByWords(scope, match, condition), ...(isWithin && { within: { match, packages } }) }
}

const rowsOfScope = {
  packages: { row: sql`revision r`, id: sql`r.id` },
  entries: { row: sql`entry e`, id: sql`e.id` },
  objects: { row: sql`object o`, id: sql`o.id` },
} as const

const revisionOf = (scope: Meaning['scope']): Sql =>
  scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``

function foundAmongAll({ scope, bySize }: FileQuery, condition: Sql): Found {
  const row = rowBy(scope, bySize)
  const own = sql`from ${row} where ${condition}`
  const bare = condition === always ? sql`from ${row}` : own
  return { whole: sql`from ${row} ${revisionOf(scope)} where ${condition}`, own, bare, bareId: rowsOfScope[scope].id }
}

function foundByWords(scope: FileQuery['scope'], match: string, condition: Sql): Found {
  const { row, id } = rowsOfScope[scope]
  const words = { text: wordsOf(scope), values: [] }
  const matching = sql`where w.${words} match ${match}`
  const rows = sql`from ${words} w cross join ${row} on ${id} = w.rowid`
  const own = sql`${rows} ${matching} and ${condition}`
  return {
    whole: sql`${rows} ${revisionOf(scope)} ${matching} and ${condition}`,
    own,
    bare: condition === always ? sql`from ${words} w ${matching}` : own,
    bareId: sql`w.rowid`,
    isCounted: condition === always,
  }
}

function foundByPackages({ match, condition }: FileQuery, packages: AskedPackages): Found {
  const stretch = sql`between r.first_entry and r.last_entry`
  const where = every([sql`r.is_latest = 1`, packages.condition, condition])
  const rows =
    match === undefined
      ? sql`from revision r cross join entry e on e.id ${stretch} where ${where}`
      : sql`from revision r cross join entry_words w on w.rowid ${stretch} cross join entry e on e.id = w.rowid
          where w.entry_words match ${match} and ${where}`
  return { whole: rows, own: rows, bare: rows, bareId: sql`e.id` }
}

/** Rows by their numbers. */
export function rowsByNumber(ids: readonly number[], scope: Meaning['scope']): Found {
  const { row, id } = rowsOfScope[scope]
  const rows = sql`from json_each(${JSON.stringify(ids)}) j cross join ${row} on ${id} = j.value`
  const own = sql`${rows} where 1`
  return { whole: sql`${rows} ${revisionOf(scope)} where 1`, own, bare: own, bareId: id }
}
