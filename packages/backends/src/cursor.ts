// Stateless cursors: base64url JSON that holds a position, never authority (design 3).
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { Page, PageOptions } from './call-options.js'

/** Writes a position as a cursor. */
export function encodeCursor(position: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** Reads a cursor back. @throws {QuiltError} `invalid_input` when it was not made by `encodeCursor` for this list */
export function decodeCursor<Position>(cursor: string, schema: z.ZodType<Position>): Position {
  const position = schema.safeParse(jsonOr(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (position.success) return position.data
  throw noSuchPlace()
}

/** The error for a cursor that is none of the list. */
export const noSuchPlace = (): QuiltError =>
  new QuiltError('invalid_input', 'The cursor does not belong to this list', {
    hint: 'Use the cursor of the last page of the same list, unchanged, or leave it out to start again.',
  })

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no schema accepts it: decodeCursor says what is wrong
  }
}

/** The limit of a page. @throws {QuiltError} `invalid_input` unless it is an integer from 1 to 1,000 */
export function pageLimit({ limit = 100 }: PageOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit
  throw new QuiltError('invalid_input', `limit is ${limit}`, { hint: 'Use a whole number from 1 to 1,000.' })
}

const offsetSchema = z.strictObject({ offset: z.number().int().min(0) })

/** Position of a list that is counted from its start. */
function pageOffset({ cursor }: PageOptions): number {
  return cursor === undefined ? 0 : decodeCursor(cursor, offsetSchema).offset
}

/** Cuts one page out of a list that is at hand. */
export function pageOf<T>(all: readonly T[], page: PageOptions = {}): Page<T> {
  const offset = pageOffset(page)
  const items = all.slice(offset, offset + pageLimit(page))
  return { items, total: all.length, ...cursorAfter(offset + items.length, all.length) }
}

/** Gets one page from a source that can begin anywhere. */
export async function pageByOffset<T>(
  page: PageOptions,
  fetch: (offset: number, limit: number) => Promise<{ readonly total: number; readonly items: readonly T[] }>,
): Promise<Page<T>> {
  const offset = pageOffset(page)
  const { total, items } = await fetch(offset, pageLimit(page))
  return { items, total, ...cursorAfter(offset + items.length, total) }
}

/** Gets one page from a source with numbered pages, wherever the cursor stands.
 * @param fetch page `number` (from 1) of `perPage` items */
export async function pageByNumber<T>(
  page: PageOptions,
  fetch: (number: number, perPage: number) => Promise<{ readonly total: number; readonly items: readonly T[] }>,
): Promise<Page<T>> {
  const limit = pageLimit(page)
  const offset = pageOffset(page)
  const number = Math.floor(offset / limit) + 1
  const skip = offset % limit
  const first = await fetch(number, limit)
  // A cursor made with another limit may stand inside a page: then the page goes on in the next one.
  const next = skip > 0 && first.total > number * limit ? await fetch(number + 1, limit) : undefined
  const items = [...first.items, ...(next?.items ?? [])].slice(skip, skip + limit)
  return { items, total: first.total, ...(items.length > 0 ? cursorAfter(offset + items.length, first.total) : {}) }
}

function cursorAfter(offset: number, total: number): { readonly cursor?: string } {
  return offset < total ? { cursor: encodeCursor({ offset }) } : {}
}
