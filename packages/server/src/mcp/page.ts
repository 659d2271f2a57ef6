// The one way a tool answers a list. Use:
//
//   input:  z.strictObject({ bucket: ..., ...pageInput({ limit: 50 }) })
//   output: z.object({ packages: z.array(...), ...pageOutput })
//   run:    const { items, ...position } = await pageOf({
//             limit: input.limit, cursor: input.cursor, budgetChars: ctx.resultChars,
//             fetch: (page) => ctx.backend.packages.list(bucket, { ...page, signal: ctx.signal }),
//             render: (item) => ({ name: item.name }),
//           })
//           return { structure: { packages: items, ...position } }
//
// A page that is too long for a result is cut between two items, and its cursor continues exactly there.
import type { Page, PageOptions } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { fencedLength } from './untrusted.js'

/** Characters that the items of one page may take when nothing else is said: about 3,600 tokens. */
const defaultPageChars = 14_400

/** What to list, and how one item is shown. */
export interface PageRequest<Item, Rendered> {
  /** Items wanted, 1 to 1,000. */
  readonly limit: number
  /** `cursor` of the page before. Absent: from the start. */
  readonly cursor?: string | undefined
  /** Asks the backend. Must give the same items for the same position; put prefixes and items into one list here. */
  fetch(page: Pick<PageOptions, 'limit' | 'cursor'>): Promise<Page<Item>>
  /** Makes the structure of one item: what goes into the result. */
  render(item: Item): Rendered
  /** Characters of result text that the items may take (`ctx.resultChars`). Default {@link defaultPageChars}. */
  readonly budgetChars?: number | undefined
}

/** One page of rendered items and where to go on. */
export interface RenderedPage<Rendered> {
  readonly items: Rendered[]
  /** Present when there is more. */
  readonly cursor?: string
  /** How many items the whole list has, when that is known. */
  readonly total?: number
  /** Present, and true, when fewer items than `limit` are here because more would not have fitted. */
  readonly truncated?: true
}

/** The input fields of a tool that lists. @param options `limit`: the default number of items; `max`: the most, default 1,000 */
export const pageInput = ({ limit = 50, max = 1000 }: { readonly limit?: number; readonly max?: number } = {}) => ({
  limit: z.int().min(1).max(max).default(limit),
  cursor: z.string().optional().describe('cursor of the previous page'),
})

/** The output fields of a tool that lists, beside the items. */
export const pageOutput = {
  cursor: z.string().optional(),
  total: z.int().optional(),
  truncated: z.boolean().optional(),
}

/** A position in a list: where the backend's page starts, how long it was asked to be, items of it already shown. */
const positionSchema = z.strictObject({
  after: z.string().optional(),
  limit: z.int().min(1).max(1000),
  // A page may be longer than its limit: prefixes come beside the objects.
  skip: z.int().min(0).max(10_000),
})
type Position = z.output<typeof positionSchema>

/** Fetches one page and fits its items into the result.
 * @throws {QuiltError} `invalid_input` when the cursor is not one of ours; what `fetch` throws */
export async function pageOf<Item, Rendered>(request: PageRequest<Item, Rendered>): Promise<RenderedPage<Rendered>> {
  const given = request.cursor === undefined ? undefined : decodeCursor(request.cursor)
  // A page that was cut must be fetched again with its own limit: `skip` counts items of that page.
  const position: Position =
    given === undefined
      ? { limit: request.limit, skip: 0 }
      : given.skip > 0
        ? given
        : { ...given, limit: request.limit }
  const page = await request.fetch({
    limit: position.limit,
    ...(position.after !== undefined && { cursor: position.after }),
  })

  const waiting = page.items.slice(position.skip)
  const wanted = Math.min(request.limit, waiting.length)
  const items = fitting(waiting.slice(0, wanted), request)
  const shown = position.skip + items.length
  const cursor =
    shown < page.items.length
      ? encodeCursor({ ...position, skip: shown })
      : page.cursor !== undefined
        ? encodeCursor({ after: page.cursor, limit: request.limit, skip: 0 })
        : undefined
  return {
    items,
    ...(cursor !== undefined && { cursor }),
    ...(page.total !== undefined && { total: page.total }),
    ...(items.length < wanted && { truncated: true as const }),
  }
}

/** Renders items until the budget is used up; always at least one, so that a list gets on. */
function fitting<Item, Rendered>(candidates: readonly Item[], request: PageRequest<Item, Rendered>): Rendered[] {
  const budget = request.budgetChars === undefined ? defaultPageChars : Math.floor(request.budgetChars * 0.9)
  const items: Rendered[] = []
  let used = 0
  for (const candidate of candidates) {
    const rendered = request.render(candidate)
    used += fencedLength(rendered) + 1
    if (used > budget && items.length > 0) break
    items.push(rendered)
  }
  return items
}

const encodeCursor = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url')

function decodeCursor(cursor: string): Position {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new QuiltError('invalid_input', 'cursor is not one that this tool returned', {
      hint: 'Pass the cursor of the previous page unchanged, or leave it out to start from the beginning.',
      details: { argument: 'cursor' },
      cause,
    })
  }
}
