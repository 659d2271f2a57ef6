// One page of what was found in one index. Of few rows all are looked at and ordered; of many only as many as a page needs, in their order.
import type { Query, SearchOrder } from '@quilt-mcp/core'
import { termsOf } from '@quilt-mcp/core'
import { scoreSql } from './best-first.js'
import { countedUpTo, type FileQuery, type Found, foundFiles, rowsByNumber, wordsOf } from './found.js'
import type { Meaning } from './meaning.js'
import { type OrderKey, orderBy } from './order.js'
import type { PageWish, PlacedRow } from './page-wish.js'
import { isAfter } from './position.js'
import { rowOfAll, rowsOf } from './rows.js'
import { every, joined, type Sql, sql } from './sql.js'
import { tiersOf } from './tiers.js'
import { walkRevisions } from './walk-revisions.js'

/** Whether hits are ordered by how well they fit. */
export const isScored = (query: Query, order: SearchOrder | undefined): boolean =>
  order === undefined && termsOf(query).length > 0

/** The next rows; all of them are looked at. */
export function rowsOfFew(
  found: Found,
  { query, isScored, meaning }: { query: Query; isScored: boolean; meaning: Meaning },
  wish: PageWish,
): readonly PlacedRow[] {
  const keys = isScored ? [scoreKey(query, meaning), ...wish.keys] : wish.keys
  return rowsInOrder(found, meaning, { ...wish, keys, isScored })
}

interface FilesWish {
  readonly files: FileQuery
  readonly query: Query
  readonly order: SearchOrder | undefined
  readonly meaning: Meaning
  /** How many there are. */
  readonly total: number
}

/** The next files of many. */
export async function pageOfFiles(of: FilesWish, wish: PageWish): Promise<readonly PlacedRow[]> {
  const { files, query, order, meaning } = of
  if (!isScored(query, order)) return pageOfOrdered(of, wish)
  const words = { text: wordsOf(files.scope), values: [] }
  const isInNames = (match: string): boolean =>
    rowsOf(meaning.db, sql`select 1 from ${words} where ${words} match ${match} limit 1`).length > 0
  const tiers = files.match === undefined ? undefined : tiersOf(query, files.match, isInNames)
  if (tiers === undefined) {
    const keys = [scoreKey(query, meaning), ...wish.keys]
    return rowsInOrder(foundFiles(files, meaning), meaning, { ...wish, keys, isScored: true })
  }
  const [from, ...behind] = wish.after ?? []
  const rows: PlacedRow[] = []
  for (const { score, match } of tiers) {
    const limit = wish.limit - rows.length
    if (limit === 0) break
    if (typeof from === 'number' && score > from) continue
    const inTier = { ...of, files: { ...files, match } }
    const after = score === from ? behind : undefined
    const next = await pageOfTier(inTier, { ...wish, after, limit })
    rows.push(...next.map(({ id, place }) => ({ id, place: [score, ...place] })))
  }
  return rows
}

function pageOfTier(tier: FilesWish, wish: PageWish): Promise<readonly PlacedRow[]> | readonly PlacedRow[] {
  const { files, meaning } = tier
  const { few } = countedUpTo(foundFiles(files, meaning), meaning, meaning.costs.fewRows)
  if (few === undefined) return pageOfOrdered(tier, wish)
  return few === '[]' ? [] : rowsInOrder(rowsByNumber(few, tier.meaning), tier.meaning, { ...wish, isScored: false })
}

const scoreKey = (query: Query, meaning: Meaning): OrderKey => ({
  value: scoreSql(query, meaning) ?? sql`0`,
  direction: 'desc',
})

async function pageOfOrdered(of: FilesWish, wish: PageWish): Promise<readonly PlacedRow[]> {
  const { files, order, meaning } = of
  const isByRevision = order === undefined || ['name', 'modified', 'hash', 'workflow'].includes(order.by)
  if (files.scope === 'entries' && isByRevision) return walkRevisions(files, meaning, wish)
  const index = indexOfOrder(files, order)
  if (index !== undefined && isDense(of, wish)) return rowsByIndex(index, of, wish)
  return rowsInOrder(foundFiles(files, meaning), meaning, { ...wish, isScored: false })
}

/** The index in whose order rows are wanted. */
function indexOfOrder({ scope }: FileQuery, order: SearchOrder | undefined): string | undefined {
  if (scope === 'entries') return order?.by === 'size' ? 'entry e indexed by entry_size' : undefined
  if (order === undefined || order.by === 'key') return 'object o'
  return { size: 'object o indexed by object_size', modified: 'object o indexed by object_modified' }[String(order.by)]
}

function isDense({ files, meaning, total }: FilesWish, { limit }: PageWish): boolean {
  const table = { text: files.scope === 'entries' ? 'entry' : 'object', values: [] }
  const all = Number(rowOfAll(meaning.db, sql`select count(*) from ${table}`)[0])
  return (limit * all * meaning.costs.askingOne) / total < total
}

function rowsByIndex(index: string, { files, meaning }: FilesWish, wish: PageWish): readonly PlacedRow[] {
  const { match, condition, ofPackage, scope } = files
  const words = { text: wordsOf(scope), values: [] }
  const id = scope === 'entries' ? sql`e.id` : sql`o.id`
  const matches =
    match === undefined
      ? []
      : [sql`exists (select 1 from ${words} w where w.${words} match ${match} and w.rowid = ${id})`]
  const revision = scope === 'entries' ? sql`cross join revision r on r.id = e.revision` : sql``
  const where = every([...(ofPackage === undefined ? [] : [ofPackage]), condition, ...matches])
  const rows = sql`from ${{ text: index, values: [] }} ${revision} where ${where}`
  return rowsInOrder({ whole: rows, own: rows, bare: rows }, meaning, { ...wish, isScored: false })
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
