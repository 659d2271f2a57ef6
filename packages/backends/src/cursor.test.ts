import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeCursor, encodeCursor, pageByNumber, pageLimit, pageOf } from './cursor.js'

const letters = [...'abcdefghij']

const source = async (number: number, perPage: number) => ({
  total: letters.length,
  items: letters.slice((number - 1) * perPage, number * perPage),
})

describe('pages', () => {
  it('a list at hand is cut into pages that join to the list', () => {
    const first = pageOf(letters, { limit: 4 })
    expect(first).toEqual({ items: ['a', 'b', 'c', 'd'], total: 10, cursor: expect.any(String) })
    expect(pageOf(letters, { limit: 6, cursor: first.cursor })).toEqual({
      items: ['e', 'f', 'g', 'h', 'i', 'j'],
      total: 10,
    })
  })

  it.each([1, 2, 3, 4, 5, 7, 10, 100])('a numbered source is read on by any limit: %i', async (limit) => {
    const seen = [...(await pageByNumber({ limit: 3 }, source)).items]
    let cursor = (await pageByNumber({ limit: 3 }, source)).cursor
    while (cursor !== undefined) {
      const page = await pageByNumber({ limit, cursor }, source)
      seen.push(...page.items)
      cursor = page.cursor
    }
    expect(seen).toEqual(letters)
  })

  it('ends when the source has shrunk meanwhile', async () => {
    expect(await pageByNumber({ cursor: encodeCursor({ offset: 50 }) }, source)).toEqual({ items: [], total: 10 })
  })

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses the limit %d', (limit) => {
    expect(() => pageLimit({ limit })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it.each([
    '',
    'x',
    '????',
    Buffer.from('{"offset":-1}').toString('base64url'),
    Buffer.from('{"offset":1,"role":"admin"}').toString('base64url'),
  ])('refuses the cursor %j', (cursor) => {
    expect(() => pageOf(letters, { cursor })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('a cursor is nothing but its position', () => {
    expect(Buffer.from(encodeCursor({ token: 'é' }), 'base64url').toString()).toBe('{"token":"é"}')
    expect(decodeCursor(encodeCursor({ token: 'é' }), z.object({ token: z.string() }))).toEqual({ token: 'é' })
  })
})
