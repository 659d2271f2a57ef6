import { expect, it } from 'vitest'
import { anEntry, inBatches } from '../test/revisions.js'
import { alignEntries, type EntryBatches } from './align.js'

async function aligned(...sources: EntryBatches[]) {
  const rows: (string | undefined)[][] = []
  for await (const batch of alignEntries(sources)) {
    rows.push(...batch.map((row) => row.map((entry) => entry?.logicalKey)))
  }
  return rows
}
const keys = (...names: string[]) => names.map((key) => anEntry(key))

it('pairs the entries of any number of revisions by key, in tree order', async () => {
  const sources = [keys('a', 'b/x', 'b-1'), keys('b/x', 'c'), []].map((entries, at) => inBatches(entries, at + 1))
  expect(await aligned(...sources)).toEqual([
    ['a', undefined, undefined],
    ['b/x', 'b/x', undefined],
    ['b-1', undefined, undefined],
    [undefined, 'c', undefined],
  ])
})

it.each([
  ['within a batch', [keys('b', 'a')]],
  ['between batches', [keys('b'), [], keys('a')]],
  ['a key that comes twice', [keys('b'), keys('b')]],
])('refuses a revision that is not in tree order: %s', async (_, batches) => {
  const source = (async function* () {
    yield* batches
  })()
  await expect(aligned(source, inBatches(keys('c')))).rejects.toMatchObject({ code: 'invalid_input' })
})

it('closes all sources when the consumer leaves', async () => {
  const closed: number[] = []
  async function* endless(id: number) {
    try {
      for (;;) yield keys('a')
    } finally {
      closed.push(id)
    }
  }
  for await (const _ of alignEntries([endless(1), endless(2)])) break
  expect(closed).toEqual([1, 2])
})
