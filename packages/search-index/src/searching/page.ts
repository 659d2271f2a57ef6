// One page of what was found in one index.
import type { Found } from './found.js'
import type { Db, Meaning } from './meaning.js'
import type { OrderKey } from './order.js'
import { isAfter } from './position.js'
import { rowsOf } from './rows.js'
import { joined, type Sql, type SqlValue, sql } from './sql.js'

/** A row that was found: its number in this index, and where it stands in the order. */
export interface PlacedRow {
  readonly id: number
  readonly place: readonly SqlValue[]
}

export interface PageWish {
  readonly keys: readonly OrderKey[]
  /** Where the last page ended. Absent: from the start. */
  readonly after?: readonly SqlValue[] | undefined
  readonly limit: number
}

/** The next rows in the order. */
export function pageOfFound(db: Db, asked: Sql): readonly PlacedRow[] {
  return rowsOf(db, asked).map(([id, ...place]) => ({ id: Number(id), place }))
}

/** The SQL of a page. */
export function pageSql({ whole }: Found, { scope }: Pick<Meaning, 'scope'>, { keys, after, limit }: PageWish): Sql {
  const id = { packages: sql`r.id`, entries: sql`e.id`, objects: sql`o.id` }[scope]
  const names = keys.map((_, index) => ({ text: `k${index}`, values: [] }))
  const columns = keys.map(({ value }, index) => sql`${value} as ${names[index] ?? sql`k`}`)
  const order = keys.map(({ direction }, index) => ({ text: `k${index} ${direction}`, values: [] }))
  // Each value of the order is made once for each row.
  const found = sql`with found as materialized (select ${id} as id, ${joined(columns, ', ')} ${whole})`
  const where = after === undefined ? sql`` : sql`where ${isAfter(keys, names, after)}`
  return sql`${found} select id, ${joined(names, ', ')} from found ${where} order by ${joined(order, ', ')} limit ${limit}`
}
