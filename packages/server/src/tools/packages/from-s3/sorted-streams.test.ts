import { compareLogicalKeys } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Batches, joinSorted, type Keyed, mergeSorted } from './sorted-streams.js'

const sorted = (keys: readonly string[]): readonly Keyed[] =>
  keys.toSorted(compareLogicalKeys).map((logicalKey) => ({ logicalKey }))

async function* stream<T>(records: readonly T[], size: number): Batches<T> {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size)
  yield []
}

async function all<T>(batches: Batches<T>): Promise<readonly T[]> {
  const records: T[] = []
  for await (const batch of batches) records.push(...batch)
  return records
}

const keys = fc.array(
  fc.array(fc.constantFrom('a', 'a-1', 'b', 'é', '😀'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
)
const sizes = fc.integer({ min: 1, max: 5 })

describe('streams in tree order', () => {
  it('are merged into one in tree order', () =>
    fc.assert(
      fc.asyncProperty(fc.array(keys, { maxLength: 5 }), sizes, async (lists, size) => {
        const merged = await all(mergeSorted(lists.map((list) => stream(sorted(list), size))))
        expect(merged).toEqual(sorted(lists.flat()))
      }),
    ))

  it('are joined side by side: each record once, beside the one of the same key', () =>
    fc.assert(
      fc.asyncProperty(keys, keys, sizes, sizes, async (left, right, leftSize, rightSize) => {
        const [lefts, rights] = [sorted([...new Set(left)]), sorted([...new Set(right)])]
        const pairs = await all(joinSorted(stream(lefts, leftSize), stream(rights, rightSize)))
        const expected = sorted([...new Set([...left, ...right])]).map(({ logicalKey }) => ({
          ...(left.includes(logicalKey) && { left: { logicalKey } }),
          ...(right.includes(logicalKey) && { right: { logicalKey } }),
        }))
        expect(pairs).toEqual(expected)
      }),
    ))

  it('are closed when their reader leaves', async () => {
    const closed: string[] = []
    async function* noting(name: string): Batches<Keyed> {
      try {
        for (;;) yield sorted([name])
      } finally {
        closed.push(name)
      }
    }
    for await (const _ of mergeSorted([noting('a'), noting('b')])) break
    for await (const _ of joinSorted(noting('c'), noting('d'))) break
    expect(closed).toEqual(['a', 'b', 'c', 'd'])
  })
})
