import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'
import { anEntry, inBatches, revision } from '../test/revisions.js'
import { type MergeConflict, mergeEntries } from './merge.js'

async function merge(base: readonly Entry[], ours: readonly Entry[], theirs: readonly Entry[]) {
  const entries: Entry[] = []
  const conflicts: MergeConflict[] = []
  const sources = { base: inBatches(base, 3), ours: inBatches(ours), theirs: inBatches(theirs, 5) }
  for await (const batch of mergeEntries(sources)) {
    entries.push(...batch.entries)
    conflicts.push(...batch.conflicts)
  }
  return { entries, conflicts }
}
const inOrder = (entries: readonly Entry[]) =>
  [...entries].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
const [a, b, c] = [anEntry('a'), anEntry('b'), anEntry('c')]
const b2 = anEntry('b', 'other')

describe('mergeEntries', () => {
  it('takes what each side added, changed and removed', async () => {
    const added = anEntry('d')
    expect(await merge([a, b, c], [b, c, added], [a, b2, c])).toEqual({ entries: [b2, c, added], conflicts: [] })
  })

  it('names a file that both sides changed in two ways', async () => {
    const b3 = anEntry('b', 'third')
    expect(await merge([a, b], [a, b2], [a, b3])).toEqual({
      entries: [a],
      conflicts: [{ logicalKey: 'b', reason: 'both_changed', base: b, ours: b2, theirs: b3 }],
    })
  })

  it('names a file that both sides added, with two contents', async () => {
    expect((await merge([], [b], [b2])).conflicts).toEqual([
      { logicalKey: 'b', reason: 'both_changed', ours: b, theirs: b2 },
    ])
  })

  it('names a file that one side changed and the other removed', async () => {
    expect((await merge([b], [], [b2])).conflicts).toEqual([
      { logicalKey: 'b', reason: 'changed_and_removed', base: b, theirs: b2 },
    ])
  })

  it('names what one side has as a file and the other as a directory', async () => {
    const [inside, after] = [anEntry('b/x'), anEntry('b-1')]
    expect(await merge([], [b], [inside, after])).toEqual({
      entries: [b, after],
      conflicts: [{ logicalKey: 'b/x', reason: 'file_and_directory', theirs: inside }],
    })
  })

  it('does not ask about one content at two places: the new place counts', async () => {
    const elsewhere = { ...b, physicalKey: 's3://lab/elsewhere' }
    const third = { ...b, physicalKey: 's3://lab/third' }
    expect((await merge([b], [b], [elsewhere])).entries).toEqual([elsewhere])
    expect((await merge([b], [elsewhere], [third])).entries).toEqual([elsewhere])
    expect((await merge([], [b], [elsewhere])).entries).toEqual([b])
  })

  it('asks about one content with hashes of two types', async () => {
    const rehashed = { ...b2, hash: { type: 'SHA256', value: 'ff' } }
    expect((await merge([b], [b2], [rehashed])).conflicts).toMatchObject([{ reason: 'both_changed' }])
  })
})

describe('laws of the merge', () => {
  const holds = (law: (one: readonly Entry[], two: readonly Entry[], three: readonly Entry[]) => Promise<void>) =>
    fc.assert(fc.asyncProperty(revision, revision, revision, law))

  it('a side that did nothing leaves what the other did', () =>
    holds(async (base, side) => {
      const expected = { entries: inOrder(side), conflicts: [] }
      expect(await merge(base, side, base)).toEqual(expected)
      expect(await merge(base, base, side)).toEqual(expected)
    }))

  it('two sides that did the same agree', () =>
    holds(async (base, side) => {
      expect(await merge(base, side, side)).toEqual({ entries: inOrder(side), conflicts: [] })
    }))

  it('exchanging the sides changes neither the conflicts nor the content', () =>
    holds(async (base, ours, theirs) => {
      const [one, two] = [await merge(base, ours, theirs), await merge(base, theirs, ours)]
      const content = (entries: readonly Entry[]) => entries.map((entry) => ({ ...entry, physicalKey: '' }))
      expect(content(two.entries)).toEqual(content(one.entries))
      expect(two.conflicts.map(({ logicalKey, reason }) => [logicalKey, reason])).toEqual(
        one.conflicts.map(({ logicalKey, reason }) => [logicalKey, reason]),
      )
    }))

  it('every path of the three is merged, in conflict, or removed by a side', () =>
    holds(async (base, ours, theirs) => {
      const { entries, conflicts } = await merge(base, ours, theirs)
      const keysOf = (items: readonly { readonly logicalKey: string }[]) => items.map(({ logicalKey }) => logicalKey)
      const [inBase, inOurs, inTheirs] = [base, ours, theirs].map((side) => new Set(keysOf(side)))
      const decided = [...keysOf(entries), ...keysOf(conflicts)]
      expect(new Set(decided).size).toBe(decided.length)
      for (const key of new Set([...keysOf(base), ...keysOf(ours), ...keysOf(theirs)])) {
        const isRemoved = inBase?.has(key) === true && !(inOurs?.has(key) === true && inTheirs?.has(key) === true)
        if (!decided.includes(key)) expect(isRemoved).toBe(true)
      }
      expect(keysOf(entries)).toEqual(keysOf(inOrder(entries)))
    }))
})
