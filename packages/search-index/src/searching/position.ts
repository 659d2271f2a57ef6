// Where a page ended: the values of the order of its last hit, and of which search it was. It holds no authority and no numbers of one
// copy of an index.
import { createHash } from 'node:crypto'
import { formatQuery, QuiltError, type SearchRequest } from '@quilt-mcp/core'
import type { OrderKey } from './order.js'
import { type Sql, type SqlValue, sql } from './sql.js'

/** Writes a position as a cursor. @param of which search it belongs to */
export function encodePosition(position: readonly SqlValue[], of: string): string {
  return Buffer.from(JSON.stringify([of, ...position])).toString('base64url')
}

/** Reads a cursor back. @throws {QuiltError} `invalid_input` when it is not one of this search */
export function decodePosition(cursor: string, of: string, length: number): readonly SqlValue[] {
  const [head, ...position] = listOr(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (head === of && position.length === length && position.every(isValue)) return position
  throw new QuiltError('invalid_input', 'The cursor does not belong to this search', {
    hint: 'Use the cursor of the last page of the same search, unchanged, or leave it out to start again.',
  })
}

const isValue = (value: unknown): value is SqlValue => typeof value === 'string' || typeof value === 'number'

function listOr(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : []
  } catch {
    return [] // decodePosition says what is wrong
  }
}

/** What makes a search the same one: all but its page. */
export function digestOf({ scope, query, buckets, allRevisions = false, order }: SearchRequest): string {
  const said = JSON.stringify([scope, formatQuery(query), buckets?.toSorted() ?? null, allRevisions, order ?? null])
  return createHash('sha256').update(said).digest('base64url').slice(0, 12)
}

/** Whether a row comes after a position. @param names of the columns that hold the keys' values */
export function isAfter(keys: readonly OrderKey[], names: readonly Sql[], position: readonly SqlValue[]): Sql {
  const [key, ...otherKeys] = keys
  const [name, ...otherNames] = names
  const [value = null, ...otherValues] = position
  if (key === undefined || name === undefined) return sql`0`
  const isBehind = key.direction === 'asc' ? sql`${name} > ${value}` : sql`${name} < ${value}`
  return sql`(${isBehind} or (${name} = ${value} and ${isAfter(otherKeys, otherNames, otherValues)}))`
}
