import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, endOf, type Position, startOf, walk } from './listing.js'
import type { ListInput } from './object-store.js'

/** Pages over keys in memory, and how many rows were read for them. */
function pages(keys: readonly string[], input: ListInput) {
  const end = endOf(input)
  const sorted = [...new Set(keys)].sort(compareKeys).filter((key) => compareKeys(key, end) < 0)
  let read = 0
  const rows = (from: Position, limit: number) => {
    const start = sorted.findIndex((key) => {
      const order = compareKeys(key, from.key)
      return order > 0 || (order === 0 && from.inclusive)
    })
    const found = start < 0 ? [] : sorted.slice(start, start + limit)
    read += found.length
    return found.map((key) => ({ key }))
  }
  const items: string[][] = []
  let startAfter = input.startAfter
  for (;;) {
    const start = startOf({ ...input, startAfter })
    const page = start && walk({ ...input, startAfter }, start, rows, ({ key }) => ({ key, inclusive: false }))
    items.push([...(page?.rows ?? []).map((row) => row.key), ...(page?.commonPrefixes ?? [])].sort(compareKeys))
    const last = page?.last
    if (last === undefined) return { items, read: () => read }
    startAfter = typeof last === 'string' ? last : last.key
  }
}

/** The same by looking at every key. */
function slowly(keys: readonly string[], { prefix = '', delimiter }: ListInput): string[] {
  const items = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length)
      return at < 0 || delimiter === undefined ? key : key.slice(0, at + delimiter.length)
    })
  return [...new Set(items)].sort(compareKeys)
}

describe('a listing', () => {
  it('sorts by UTF-8 bytes, where U+10000 follows U+FFFD', () => {
    expect(pages(['\u{10000}', '\uFFFD', 'é', 'z', 'Z', '/'], { maxKeys: 10 }).items).toEqual([
      ['/', 'Z', 'z', 'é', '\uFFFD', '\u{10000}'],
    ])
  })

  it('rolls keys up at the delimiter after the prefix, and counts a common prefix as one', () => {
    const keys = ['a/1', 'a/2/x', 'a/2/y', 'a/3', 'b/1', 'c']
    expect(pages(keys, { maxKeys: 2, delimiter: '/' }).items).toEqual([['a/', 'b/'], ['c']])
    expect(pages(keys, { maxKeys: 2, delimiter: '/', prefix: 'a/' }).items).toEqual([['a/1', 'a/2/'], ['a/3']])
  })

  it('starts after a marker inside a common prefix, and past one that is a common prefix', () => {
    const keys = ['a/1', 'a/2', 'b']
    expect(pages(keys, { maxKeys: 9, delimiter: '/', startAfter: 'a/1' }).items).toEqual([['a/', 'b']])
    expect(pages(keys, { maxKeys: 9, delimiter: '/', startAfter: 'a/' }).items).toEqual([['b']])
  })

  it('passes a common prefix without reading the keys below it', () => {
    const keys = ['a', 'b', 'c', 'd'].flatMap((top) => Array.from({ length: 20_000 }, (_, n) => `${top}/${n}`))
    const listed = pages(keys, { maxKeys: 1000, delimiter: '/' })
    expect(listed.items).toEqual([['a/', 'b/', 'c/', 'd/']])
    expect(listed.read()).toBeLessThan(2_000)
  })

  it('agrees with looking at every key, for any keys, prefix, delimiter and page size', () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '//', 'é', '\uD7FF', '\u{10FFFF}'),
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 60 }),
        fc.record({
          prefix: fc.constantFrom('', 'a', 'a/', '/', '\u{10FFFF}'),
          delimiter: fc.constantFrom(undefined, '/', '//', '\u{10FFFF}'),
          maxKeys: fc.integer({ min: 1, max: 7 }),
        }),
        (keys, input) => {
          expect(pages(keys, input).items.flat()).toEqual(slowly(keys, input))
        },
      ),
    )
  })
})
