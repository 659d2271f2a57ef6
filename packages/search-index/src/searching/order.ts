// In which order rows come: by a list of values, each of which every row has, so that a place in it is the list of one row's.
import { compareCodePoints, QuiltError, type SearchOrder, type SearchScope } from '@quilt-mcp/core'
import type { Meaning } from './meaning.js'
import { type Sql, type SqlValue, sql } from './sql.js'

/** One value of the order. Never null. */
export interface OrderKey {
  readonly value: Sql
  readonly direction: 'asc' | 'desc'
}

type Direction = OrderKey['direction']

const ascending = (value: Sql): OrderKey => ({ value, direction: 'asc' })

/** What is not there comes last, whichever way. */
const absentLast = (value: Sql, direction: Direction): readonly OrderKey[] => [
  ascending(sql`(${value} is null)`),
  { value: sql`ifnull(${value}, 0)`, direction },
]

/** Columns that may be null. */
const sparse: ReadonlySet<string> = new Set(['r.modified', 'r.workflow'])

const columns: { readonly [scope in SearchScope]: { readonly [by in SearchOrder['by']]?: Sql } } = {
  packages: {
    name: sql`r.name`,
    modified: sql`r.modified`,
    size: sql`r.size`,
    entries: sql`r.entries`,
    hash: sql`r.hash`,
    workflow: sql`r.workflow`,
  },
  entries: {
    name: sql`r.name`,
    key: sql`e.key`,
    modified: sql`r.modified`,
    size: sql`e.size`,
    hash: sql`r.hash`,
    workflow: sql`r.workflow`,
  },
  objects: { key: sql`o.key`, modified: sql`o.modified`, size: sql`o.size` },
}

/** The values by which rows are ordered, but for their score.
 * @throws {QuiltError} `invalid_input` for an order that the scope does not have */
export function orderKeys(order: SearchOrder | undefined, { scope, bucket }: Meaning): readonly OrderKey[] {
  const inBucket = ascending(sql`${bucket}`)
  if (order !== undefined) return [...asked(order, scope), ...ties(scope, inBucket)]
  return [...(scope === 'packages' ? absentLast(sql`r.modified`, 'desc') : []), ...ties(scope, inBucket)]
}

function ties(scope: SearchScope, inBucket: OrderKey): readonly OrderKey[] {
  switch (scope) {
    case 'packages':
      return [ascending(sql`r.name`), inBucket, ...absentLast(sql`r.modified`, 'desc'), ascending(sql`r.hash`)]
    case 'entries':
      return [ascending(sql`r.name`), inBucket, ascending(sql`(e.id - r.first_entry)`)]
    case 'objects':
      return [ascending(sql`o.key`), inBucket]
  }
}

function asked(order: SearchOrder, scope: SearchScope): readonly OrderKey[] {
  if (order.by === 'meta' && scope !== 'objects') return byMeta(order, scope)
  const column = columns[scope][order.by]
  if (column !== undefined) {
    const { direction } = order
    return sparse.has(column.text) ? absentLast(column, direction) : [{ value: column, direction }]
  }
  const known = [...Object.keys(columns[scope]), ...(scope === 'objects' ? [] : ['meta'])]
  throw new QuiltError('invalid_input', `${scope} cannot be ordered by ${order.by}`, {
    hint: `Order them by ${known.join(', ')}, or leave the order out: then the best come first.`,
    details: { orders: known },
  })
}

/** Numbers and dates, then keywords; of several values the first in the order. */
function byMeta({ path, direction }: SearchOrder & { by: 'meta' }, scope: 'packages' | 'entries'): readonly OrderKey[] {
  const first = { text: direction === 'asc' ? 'min' : 'max', values: [] }
  const rows =
    scope === 'packages'
      ? sql`from revision_value v where v.revision = r.id and v.path = ${path}`
      : sql`from entry_value v where v.entry = e.id and v.path = ${path}`
  return [
    ...absentLast(sql`(select ${first}(v.number) ${rows})`, direction),
    ...absentLast(sql`(select ${first}(v.text) ${rows} and v.type = 'keyword')`, direction),
  ]
}

/** Rows in the order of keys, whose values are the columns `k0`, `k1`, ... What is the same in all rows (the bucket) orders nothing. */
export function orderBy(keys: readonly OrderKey[]): Sql {
  const order = keys.flatMap(({ value, direction }, index) => (value.text === '?' ? [] : [`k${index} ${direction}`]))
  return { text: `order by ${order.join(', ')}`, values: [] }
}

/** Compares the values of two rows: negative when the first comes first. */
export function compareRows(a: readonly SqlValue[], b: readonly SqlValue[], directions: readonly Direction[]): number {
  for (const [index, direction] of directions.entries()) {
    const difference = compareValues(a[index] ?? null, b[index] ?? null)
    if (difference !== 0) return direction === 'asc' ? difference : -difference
  }
  return 0
}

function compareValues(a: SqlValue, b: SqlValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  return Number(typeof a === 'string') - Number(typeof b === 'string')
}
