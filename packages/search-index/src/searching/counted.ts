// How many rows are found, and when they are not many, which.
import { type AskedPackages, idsWithin } from './asked-packages.js'
import type { Found } from './found.js'
import type { Meaning } from './meaning.js'
import { rowOfAll, textIn } from './rows.js'
import { sql } from './sql.js'

export interface Counted {
  readonly total: number
  /** Their numbers. Absent: they are many. */
  readonly ids?: readonly number[]
}

export function counted(found: Found, meaning: Meaning): Counted {
  const { db, costs } = meaning
  if (found.within !== undefined) {
    const ids = idsOfWords(found.within, meaning)
    return { total: ids.length, ...(ids.length <= costs.listed && { ids }) }
  }
  if (found.allOf !== undefined) {
    const sum = sql`select total(r.entries) from revision r where r.is_latest = 1 and ${found.allOf}`
    const total = Number(rowOfAll(db, sum)[0])
    if (total > costs.listed) return { total }
  }
  const count = (): number => Number(rowOfAll(db, sql`select count(*) ${found.bare}`)[0])
  // The full text index counts faster than it lists.
  const total = found.isCounted === true ? count() : undefined
  const ids = total === undefined || total <= costs.listed ? idsUpTo(found, meaning, costs.listed) : undefined
  return ids === undefined ? { total: total ?? count() } : { total: ids.length, ids }
}

/** The numbers of rows. Undefined: they may be more. */
export function idsUpTo(
  { bare, bareId, within }: Found,
  meaning: Meaning,
  most: number,
): readonly number[] | undefined {
  const rows =
    within === undefined
      ? sql`select ${bareId} as id ${bare}`
      : sql`select rowid as id from entry_words(${within.match})`
  const ids = numbersIn(meaning, sql`${rows} limit ${most + 1}`)
  if (ids.length > most) return undefined
  return within === undefined ? ids : idsWithin(ids, within.packages.stretches)
}

/** The numbers of all files that the full text index finds. @param words its table */
export const idsOfMatch = (match: string, words: string, meaning: Meaning): readonly number[] =>
  numbersIn(meaning, sql`select rowid as id from ${{ text: words, values: [] }}(${match})`)

/** Numbers alone are got from SQLite, and compared here: to look for the package of each takes ten times as long. */
function idsOfWords(
  { match, packages }: { readonly match: string; readonly packages: AskedPackages },
  meaning: Meaning,
): readonly number[] {
  const { stretches } = packages
  if (stretches.length > meaning.costs.fewStretches) {
    return idsWithin(idsOfMatch(match, 'entry_words', meaning), stretches)
  }
  // One by one: the full text index takes the bounds of a stretch only as integers, and from no other table.
  return stretches.flatMap(([first, last]) =>
    numbersIn(
      meaning,
      sql`select rowid as id from entry_words where entry_words match ${match}
        and rowid between cast(${first} as integer) and cast(${last} as integer)`,
    ),
  )
}

/** The column `id` of rows; as one value it comes in a tenth of the time that many rows take. */
function numbersIn({ db }: Meaning, rows: Parameters<typeof rowOfAll>[1]): readonly number[] {
  const [list] = rowOfAll(db, sql`select json_group_array(id) from (${rows})`)
  const ids: unknown = JSON.parse(textIn(list) ?? '[]')
  return Array.isArray(ids) ? ids.map(Number) : []
}
