// One page of what was found in one index. Of few rows all are looked at and ordered; of many only as many as a page needs, in their order.
import { type Query, type SearchOrder, termsOf } from '@quilt-mcp/core'
import { scoreSql } from './best-first.js'
import { idsOfMatch, idsUpTo } from './counted.js'
import { type FileQuery, rowBy, wordsOf } from './file-query.js'
import { type Found, foundFiles, rowsByNumber } from './found.js'
import type { Meaning } from './meaning.js'
import { orderBy } from './order.js'
import type { PageWish, PlacedRow } from './page-wish.js'
import { isAfter } from './position.js'
import { rowOfAll, rowsOf } from './rows.js'
import { always, every, joined, type Sql, sql } from './sql.js'
import { tiersOf } from './tiers.js'
import { walkRevisions } from './walk-revisions.js'

/** Whether hits are ordered by how well they fit. */
export const isScored = (query: Query, order: SearchOrder | undefined): boolean =>
  order === undefined && termsOf(query).length > 0

interface Scored {
  readonly query: Query
  readonly isScored: boolean
  readonly meaning: Meaning
}

/** The next rows; all of them are looked at. */
export function rowsOfAll(found: Found, { query, isScored, meaning }: Scored, wish: PageWish): readonly PlacedRow[] {
  const keys = isScored ? [{ value: scoreSql(query, meaning) ?? sql`0`, direction: 'desc' as const }] : []
  return rowsInOrder(found, meaning, { ...wish, keys: [...keys, ...wish.keys], isScored })
}

interface FilesWish {
  readonly files: FileQuery
  readonly query: Query
  readonly order: SearchOrder | undefined
  readonly meaning: Meaning
  /** How many there are. */
  readonly total: number
  /** Their numbers. Undefined: they are many. */
  readonly ids: readonly number[] | undefined
}

/** The next files. */
export async function pageOfFiles(of: FilesWish, wish: PageWish): Promise<readonly PlacedRow[]> {
  const { files, query, order, meaning, ids } = of
  if (!isScored(query, order)) return pageInOrder(of, wish)
  const words = { text: wordsOf(files.scope), values: [] }
  const isInNames = (match: string): boolean =>
    rowsOf(meaning.db, sql`select 1 from ${words} where ${words} match ${match} limit 1`).length > 0
  const tiers = files.match === undefined ? undefined : tiersOf(query, files.match, isInNames)
  if (tiers === undefined) {
    const found = ids === undefined ? foundFiles(files, meaning) : rowsByNumber(ids, files.scope)
    return rowsOfAll(found, { query, isScored: true, meaning }, wish)
  }
  const [from, ...behind] = wish.after ?? []
  const rows: PlacedRow[] = []
  for (const { score, match } of tiers) {
    const limit = wish.limit - rows.length
    if (limit === 0) break
    if (typeof from === 'number' && score > from) continue
    const after = score === from ? behind : undefined
    const next = await pageInOrder(inTier(of, match), { ...wish, after, limit })
    rows.push(...next.map(({ id, place }) => ({ id, place: [score, ...place] })))
  }
  return rows
}

/** Those of the files that the full text index finds so. */
function inTier(of: FilesWish, match: string): FilesWish {
  const { meaning, ids } = of
  const files = { ...of.files, match }
  if (ids === undefined)
    return { ...of, files, ids: idsUpTo(foundFiles(files, meaning), meaning, meaning.costs.listed) }
  const inMatch = new Set(idsOfMatch(match, wordsOf(files.scope), meaning))
  return { ...of, files, ids: ids.filter((id) => inMatch.has(id)) }
}

async function pageInOrder(of: FilesWish, wish: PageWish): Promise<readonly PlacedRow[]> {
  const { files, order, meaning, ids } = of
  if (ids?.length === 0) return []
  const isByRevision = order === undefined || ['name', 'modified', 'hash', 'workflow'].includes(order.by)
  const isWalked = files.scope === 'entries' && isByRevision
  if (isWalked && (ids === undefined || ids.length > meaning.costs.fewRows)) return walkRevisions(of, wish)
  const index = ids === undefined ? indexOfOrder(files, order) : undefined
  if (index !== undefined && isDense(of, wish)) return rowsByIndex(index, of, wish)
  const found = ids === undefined ? foundFiles(files, meaning) : rowsByNumber(ids, files.scope)
  return rowsInOrder(found, meaning, { ...wish, isScored: false })
}

/** The rows by the index in whose order they are wanted. */
function indexOfOrder({ scope }: FileQuery, order: SearchOrder | undefined): Sql | undefined {
  if (order?.by === 'size') return rowBy(scope, true)
  if (scope === 'entries') return undefined
  if (order === undefined || order.by === 'key') return sql`object o`
  return order.by === 'modified' ? sql`object o indexed by object_modified` : undefined
}

function isDense({ files, meaning, total }: FilesWish, { limit }: PageWish): boolean {
  const table = { text: files.scope === 'entries' ? 'entry' : 'object', values: [] }
  const all = Number(rowOfAll(meaning.db, sql`select count(*) from ${table}`)[0])
  return (limit * all * meaning.costs.askingOne) / total < total
}

function rowsByIndex(index: Sql, { files, meaning }: FilesWish, wish: PageWish): readonly PlacedRow[] {
  const { match, condition, packages, scope } = files
  const words = { text: wordsOf(scope), values: [] }
  const id = scope === 'entries' ? sql`e.id` : sql`o.id`
  const matches =
    match === undefined
      ? always
      : sql`exists (select 1 from ${words} w where w.${words} match ${match} and w.rowid = ${id})`
  const revision = scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``
  const where = every([packages?.condition ?? always, condition, matches])
  const rows = sql`from ${index} ${revision} where ${where}`
  return rowsInOrder({ whole: rows, own: rows, bare: rows, bareId: id }, meaning, { ...wish, isScored: false })
}

/** Rows in the order of keys, by SQLite. */
function rowsInOrder(
  { whole }: Found,
  { db, scope }: Meaning,
  { keys, after, limit, isScored }: PageWish & { isScored: boolean },
): readonly PlacedRow[] {
  const id = { packages: sql`r.id`, entries: sql`e.id`, objects: sql`o.id` }[scope]
  const names = keys.map((_, index): Sql => ({ text: `k${index}`, values: [] }))
  const columns = keys.map(({ value }, index) => sql`${value} as ${names[index] ?? sql`k`}`)
  const order = orderBy(keys)
  if (isScored) {
    // The score is made once for each row.
    const found = sql`with found as materialized (select ${id} as id, ${joined(columns, ', ')} ${whole})`
    const where = after === undefined ? sql`` : sql`where ${isAfter(keys, names, after)}`
    return placed(
      rowsOf(db, sql`${found} select id, ${joined(names, ', ')} from found ${where} ${order} limit ${limit}`),
    )
  }
  const values = keys.map(({ value }) => value)
  const behind = after === undefined ? sql`` : sql`and ${isAfter(keys, values, after)}`
  return placed(rowsOf(db, sql`select ${id}, ${joined(columns, ', ')} ${whole} ${behind} ${order} limit ${limit}`))
}

const placed = (rows: ReturnType<typeof rowsOf>): readonly PlacedRow[] =>
  rows.map(([id, ...place]) => ({ id: Number(id), place }))
