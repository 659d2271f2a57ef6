import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../manifest/entry.js'
import { anEntry as entry, inBatches, revision } from '../test/revisions.js'
import { diffEntries } from './diff.js'

const diff = (base: readonly Entry[], target: readonly Entry[]) => diffEntries(inBatches(base), inBatches(target, 3))

describe('diffEntries', () => {
  it('tells added, removed, modified and unchanged files', async () => {
    const base = [entry('a', 'one'), entry('b', 'two'), entry('c', 'three')]
    const target = [entry('a', 'one'), entry('b', 'longer'), entry('d', 'four')]
    expect(await diff(base, target)).toEqual({
      unchanged: 1,
      changes: [
        { change: 'modified', path: 'b', size: 6, sizeBefore: 3, differs: ['size', 'hash'] },
        { change: 'removed', path: 'c', size: 5 },
        { change: 'added', path: 'd', size: 4 },
      ],
    })
  })

  it('does not count where the bytes lie', async () => {
    expect(await diff([entry('a', 'x')], [entry('a', 'x', { physicalKey: 's3://elsewhere/a' })])).toEqual({
      unchanged: 1,
      changes: [],
    })
  })

  it('sees a file that moved, each source once', async () => {
    expect((await diff([entry('old/x', 'same')], [entry('new/x', 'same'), entry('new/y', 'same')])).changes).toEqual([
      { change: 'moved', path: 'new/x', from: 'old/x', size: 4 },
      { change: 'added', path: 'new/y', size: 4 },
    ])
  })

  it('sees metadata, whatever the order of its keys', async () => {
    const meta = (...keys: string[]) => ({ meta: new Map(keys.map((key) => [key, key] as const)) })
    expect((await diff([entry('a', 'x', meta('p', 'q'))], [entry('a', 'x', meta('q', 'p'))])).changes).toEqual([])
    expect((await diff([entry('a', 'x', meta('p'))], [entry('a', 'x', meta('q'))])).changes).toEqual([
      { change: 'modified', path: 'a', size: 1, differs: ['metadata'] },
    ])
  })

  it('does not decide about hashes of two types, unless the sizes do', async () => {
    const legacy = { hash: { type: 'SHA256', value: 'ff' } }
    expect((await diff([entry('a', 'x', legacy)], [entry('a', 'x')])).changes).toEqual([
      { change: 'undecided', path: 'a', size: 1, differs: ['hash_type'] },
    ])
    expect((await diff([entry('a', 'x', legacy)], [entry('a', 'xy')])).changes).toEqual([
      { change: 'modified', path: 'a', size: 2, sizeBefore: 1, differs: ['size'] },
    ])
  })

  it('agrees with comparing two maps, for any two revisions', async () => {
    const contents = fc.dictionary(fc.stringMatching(/^[ab]{1,3}(\/[ab-]{1,2})?$/), fc.constantFrom('x', 'y', 'zz'))
    await fc.assert(
      fc.asyncProperty(contents, contents, async (before, after) => {
        const entries = (files: Record<string, string>) => Object.entries(files).map(([key, text]) => entry(key, text))
        const { changes, unchanged } = await diff(entries(before), entries(after))
        const count = (...kinds: string[]) => changes.filter(({ change }) => kinds.includes(change)).length
        const common = Object.keys(after).filter((key) => Object.hasOwn(before, key))
        const same = common.filter((key) => before[key] === after[key])
        expect(unchanged).toBe(same.length)
        expect(count('modified')).toBe(common.length - same.length)
        expect(count('added', 'moved')).toBe(Object.keys(after).length - common.length)
        expect(count('removed', 'moved')).toBe(Object.keys(before).length - common.length)
      }),
    )
  })

  it('finds nothing between a revision and itself', async () => {
    await fc.assert(
      fc.asyncProperty(revision, async (one) => {
        expect(await diff(one, one)).toEqual({ changes: [], unchanged: one.length })
      }),
    )
  })

  it('says the same backwards, with added and removed exchanged', async () => {
    const pathsOf = async (base: readonly Entry[], target: readonly Entry[], backwards: boolean) => {
      const { changes, unchanged } = await diff(base, target)
      const turned = { added: 'removed', removed: 'added' } as const
      const lines = changes.map(({ change, path, from }) => {
        if (!backwards) return [change, path, from]
        if (change === 'moved') return [change, from, path]
        return [change === 'added' || change === 'removed' ? turned[change] : change, path, from]
      })
      return { unchanged, lines: lines.sort() }
    }
    await fc.assert(
      fc.asyncProperty(revision, revision, async (one, two) => {
        expect(await pathsOf(two, one, true)).toEqual(await pathsOf(one, two, false))
      }),
    )
  })

  it('leaves both sources when one of them fails', async () => {
    let closed = false
    async function* endless() {
      try {
        for (let at = 1; ; at++) yield [entry('a'.repeat(at), 'x')]
      } finally {
        closed = true
      }
    }
    async function* broken() {
      yield [entry('a', 'x')]
      throw new Error('broke off')
    }
    await expect(diffEntries(endless(), broken())).rejects.toThrow('broke off')
    expect(closed).toBe(true)
  })
})
