import type { Page } from '@quilt-mcp/backends'
import { describe, expect, it } from 'vitest'
import { pageOf } from './page.js'

/** A backend list of numbers whose cursor is the next number. */
const numbers =
  (count: number) =>
  ({ limit = 100, cursor }: { limit?: number | undefined; cursor?: string | undefined }): Promise<Page<number>> => {
    const start = Number(cursor ?? 0)
    const end = Math.min(start + limit, count)
    const items = Array.from({ length: end - start }, (_, index) => start + index)
    return Promise.resolve({ items, total: count, ...(end < count && { cursor: String(end) }) })
  }

const everything = async (limit: number, budgetChars?: number, width = 10) => {
  const seen: number[] = []
  const pages: number[] = []
  let cursor: string | undefined
  do {
    const page = await pageOf({
      limit,
      cursor,
      budgetChars,
      fetch: numbers(37),
      render: (item) => ({ item, pad: 'x'.repeat(width) }),
    })
    seen.push(...page.items.map(({ item }) => item))
    pages.push(page.items.length)
    cursor = page.cursor
  } while (cursor !== undefined)
  return { seen, pages }
}

const all = Array.from({ length: 37 }, (_, index) => index)

describe('pageOf', () => {
  it('shows a page, the total, and a cursor while there is more', async () => {
    const first = await pageOf({ limit: 30, fetch: numbers(37), render: (item) => item })
    expect(first).toEqual({ items: all.slice(0, 30), total: 37, cursor: expect.any(String) })
    const last = await pageOf({ limit: 30, cursor: first.cursor, fetch: numbers(37), render: (item) => item })
    expect(last).toEqual({ items: all.slice(30), total: 37 })
  })

  it('cuts a page that is too long, says so, and goes on exactly there', async () => {
    const cut = await pageOf({
      limit: 30,
      budgetChars: 1000,
      fetch: numbers(37),
      render: (item) => ({ item, pad: 'x'.repeat(100) }),
    })
    expect(cut).toMatchObject({ truncated: true, total: 37 })
    expect(await everything(30, 1000, 100)).toEqual({ seen: all, pages: [7, 7, 7, 7, 2, 7] })
  })

  it('shows at least one item, however long it is', async () => {
    expect(await everything(10, 100, 5000)).toEqual({ seen: all, pages: all.map(() => 1) })
  })

  it('shows every item once when the limit changes between pages', async () => {
    const cut = await pageOf({
      limit: 30,
      budgetChars: 1000,
      fetch: numbers(37),
      render: (item) => ({ item, pad: 'x'.repeat(100) }),
    })
    const next = await pageOf({ limit: 3, cursor: cut.cursor, fetch: numbers(37), render: (item) => item })
    const rest = await pageOf({ limit: 100, cursor: next.cursor, fetch: numbers(37), render: (item) => item })
    const end = await pageOf({ limit: 100, cursor: rest.cursor, fetch: numbers(37), render: (item) => item })
    expect([...cut.items.map(({ item }) => item), ...next.items, ...rest.items, ...end.items]).toEqual(all)
    expect(end.cursor).toBeUndefined()
  })

  it.each([
    'nonsense',
    Buffer.from('{"after":"1"}').toString('base64url'),
    Buffer.from('{"limit":5,"skip":-1}').toString('base64url'),
  ])('refuses a cursor that is not its own: %s', async (cursor) => {
    await expect(pageOf({ limit: 5, cursor, fetch: numbers(9), render: (item) => item })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
