import { compareLogicalKeys, type Entry, emptyJsonObject, type Json } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Addition } from './additions.js'
import { type ChangeRequest, changeRules } from './change-rules.js'
import { type Change, changedEntries } from './changed-entries.js'
import { createProblems } from './problems.js'

const anEntry = (logicalKey: string, rest: Partial<Entry> = {}): Entry => ({
  logicalKey,
  physicalKey: `s3://lab/${logicalKey}?versionId=1`,
  size: 1,
  hash: { type: 'SHA256', value: 'a'.repeat(64) },
  meta: new Map<string, Json>([['user_meta', new Map<string, Json>([['of', logicalKey]])]]),
  ...rest,
})
const inOrder = (entries: readonly Entry[]) =>
  entries.toSorted((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
const baseOf = (entries: readonly Entry[]) => ({
  async *entries() {
    for (let at = 0; at < entries.length; at += 3) yield entries.slice(at, at + 3)
  },
})
const added = (logicalKey: string): Addition => ({
  logicalKey,
  named: 'inline content',
  entry: (old) => anEntry(logicalKey, { physicalKey: 's3://lab/new', meta: old?.meta ?? emptyJsonObject }),
})

async function allOf<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}
async function result(base: readonly Entry[], request: Partial<ChangeRequest>, additions: readonly Addition[] = []) {
  const rules = changeRules({ remove: [], rename: {}, ...request }, createProblems())
  const changes: Change[] = []
  const clashes: string[] = []
  const listener = {
    changed: (change: Change) => void changes.push(change),
    clash: (path: string, problem: string) => void clashes.push(`${path}: ${problem}`),
  }
  const changed = await changedEntries({ base: baseOf(base), rules, additions }, {})
  const entries = await allOf(changed.batches({}, listener))
  expect(await allOf(changed.batches())).toEqual(entries)
  return { entries, keys: entries.map(({ logicalKey }) => logicalKey), changes, clashes }
}

const base = ['README.md', 'data/a.csv', 'data/b.csv', 'data-1/x'].map((key) => anEntry(key))

describe('the entries of a change', () => {
  it('are those of the base where nothing was asked: the very same', async () => {
    const { entries, changes } = await result(base, { remove: ['README.md'] })
    expect(changes).toEqual([{ change: 'removed', path: 'README.md' }])
    for (const [at, entry] of entries.entries()) expect(entry).toBe(base[at + 1])
  })

  it('come in tree order, wherever they were added or moved', async () => {
    const { keys, changes } = await result(
      base,
      { rename: { 'README.md': 'z.md', 'data/': 'Data/' } },
      ['zz', 'a', 'data-1/b'].map(added),
    )
    expect(keys).toEqual(['Data/a.csv', 'Data/b.csv', 'a', 'data-1/b', 'data-1/x', 'z.md', 'zz'])
    expect(changes).toContainEqual({ change: 'renamed', path: 'z.md', from: 'README.md' })
  })

  it('swap their paths', async () => {
    const { entries, clashes } = await result(base, {
      rename: { 'data/a.csv': 'data/b.csv', 'data/b.csv': 'data/a.csv' },
    })
    expect(clashes).toEqual([])
    expect(entries[1]).toEqual({ ...base[2], logicalKey: 'data/a.csv' })
    expect(entries[2]).toEqual({ ...base[1], logicalKey: 'data/b.csv' })
  })

  it('are new where what was there has gone, and keep metadata where it is replaced', async () => {
    const additions = [added('README.md'), added('data/a.csv')]
    const { entries, changes } = await result(base, { rename: { 'README.md': 'docs/README.md' } }, additions)
    expect(entries.map(({ meta }) => meta?.size)).toEqual([0, 1, 1, 1, 1])
    expect(changes).toEqual([
      { change: 'added', path: 'README.md' },
      { change: 'replaced', path: 'data/a.csv' },
      { change: 'renamed', path: 'docs/README.md', from: 'README.md' },
    ])
  })

  it.each([
    [{ rename: { 'README.md': 'data/a.csv' } }, [], 'data/a.csv: would be the path of two files'],
    [{ rename: { 'README.md': 'x', 'data-1/x': 'x' } }, [], 'x: would be the path of two files'],
    [{ rename: { 'README.md': 'x' } }, ['x'], 'x: is added, and README.md is renamed to it'],
  ])('are in each other’s way with %j', async (request, additions, clash) => {
    expect((await result(base, request, additions.map(added))).clashes).toContain(clash)
  })

  it('agree with a change made by hand, whatever is asked', async () => {
    const part = fc.constantFrom('a', 'b', 'a-1', 'ä', 'A')
    const key = fc.oneof(
      part,
      fc.tuple(part, part).map((parts) => `d-${parts.join('/')}`),
      fc.tuple(part, part).map((parts) => `${parts.join('/x')}`),
    )
    const keys = fc.uniqueArray(key, { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.subarray(['a', 'd-a/a', 'b/xa', 'd-ä/b']),
        fc.subarray(['A', 'd-a/b', 'n/n']),
        fc.boolean(),
        async (there, remove, add, moves) => {
          const files = inOrder(there.map((one) => anEntry(one, { unknown: new Map<string, Json>([['k', one]]) })))
          const rename = moves ? { 'd-b/': 'moved/deep/' } : {}
          const { entries } = await result(files, { remove, rename }, add.map(added))
          const byHand = files
            .filter(({ logicalKey }) => !remove.includes(logicalKey) && !add.includes(logicalKey))
            .map((entry) =>
              moves && entry.logicalKey.startsWith('d-b/')
                ? { ...entry, logicalKey: `moved/deep/${entry.logicalKey.slice(4)}` }
                : entry,
            )
          const fresh = add.map((one) =>
            added(one).entry(files.find(({ logicalKey }) => logicalKey === one && !remove.includes(one))),
          )
          expect(entries).toEqual(
            inOrder([...byHand, ...fresh.filter((one): one is Entry => one !== undefined && 'hash' in one)]),
          )
        },
      ),
    )
  })
})
