import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { manifestWorld } from '../../test/manifest-world.js'
import type { MemoryStore } from '../../test/memory-store.js'

const ref = { bucket: 'bkt', name: 'lab/cells' }
const pointer = (name: string | number) => `.quilt/named_packages/lab/cells/${name}`
const hashOf = (digit: string) => digit.repeat(64)
const [a, b, c] = [hashOf('a'), hashOf('b'), hashOf('c')] as const

/** Three revisions, the newest latest. */
function three(store: MemoryStore): void {
  for (const [at, topHash] of [a, b, c].entries()) store.plant(pointer(1_700_000_000 + at), topHash)
  store.plant(pointer('latest'), c)
}

const pointersIn = (store: MemoryStore) =>
  Object.fromEntries(Object.entries(store.texts()).map(([key, text]) => [key.slice(pointer('').length), text[0]]))

describe('removing', () => {
  it('moves latest before it removes anything', async () => {
    const { packages, store } = manifestWorld()
    three(store)
    await packages.remove(ref, { topHash: c })
    expect(store.calls.filter((call) => /^(write|remove)/.test(call))).toEqual([
      `write ${pointer('latest')}`,
      `remove ${pointer(1_700_000_002)}`,
    ])
  })

  it('moves latest to the newest revision, not to a tag of another name', async () => {
    const { packages, store } = manifestWorld()
    three(store)
    store.plant(pointer('stable'), a)
    expect(await packages.remove(ref, { topHash: c })).toEqual({ removed: [c], latest: b })
    expect(pointersIn(store)).toEqual({ 1700000000: 'a', 1700000001: 'b', latest: 'b', stable: 'a' })
  })

  it('a revision removes every tag of it, too', async () => {
    const { packages, store } = manifestWorld()
    three(store)
    store.plant(pointer('stable'), a)
    await packages.remove(ref, { topHash: a })
    expect(pointersIn(store)).toEqual({ 1700000001: 'b', 1700000002: 'c', latest: 'c' })
  })

  it('a package removes what only a tag names, and reads its pointers twice, however many there are', async () => {
    const { packages, store } = manifestWorld()
    for (let at = 0; at < 30; at += 1) store.plant(pointer(1_700_000_000 + at), at.toString(16).padStart(64, '0'))
    store.plant(pointer('latest'), c)
    const { removed, latest } = await packages.remove(ref)
    expect([removed.length, latest, store.texts()]).toEqual([31, undefined, {}])
    expect(store.calls.filter((call) => call.startsWith('read')).length).toBeLessThan(70)
  })

  it('looks again when a push moves latest meanwhile, and leaves that push alone', async () => {
    const { packages, store } = manifestWorld()
    three(store)
    const pushed = 'd'.repeat(64)
    store.before = (call, key) => {
      if (call !== 'write' || key !== pointer('latest')) return
      store.before = undefined
      store.plant(pointer(1_700_000_009), pushed)
      store.plant(pointer('latest'), pushed)
    }
    expect(await packages.remove(ref, { topHash: c })).toEqual({ removed: [c], latest: pushed })
    expect(pointersIn(store)).toEqual({ 1700000000: 'a', 1700000001: 'b', 1700000009: 'd', latest: 'd' })
  })

  it('the last revision while another is pushed leaves that one', async () => {
    const { packages, store } = manifestWorld()
    for (const name of [1_700_000_000, 'latest']) store.plant(pointer(name), a)
    store.before = (call, key) => {
      if (call !== 'remove' || key !== pointer('latest')) return
      store.before = undefined
      for (const name of [1_700_000_009, 'latest']) store.plant(pointer(name), b)
    }
    expect(await packages.remove(ref, { topHash: a })).toEqual({ removed: [a], latest: b })
    expect(pointersIn(store)).toEqual({ 1700000009: 'b', latest: 'b' })
  })

  it('that fails half-way says what was removed and what remains', async () => {
    const { packages, store } = manifestWorld()
    three(store)
    store.before = (call, key) => {
      if (call === 'remove' && key === pointer(1_700_000_001)) throw new Error('the disk is gone')
    }
    const error = await refusalOf(packages.remove(ref))
    expect([error.code, error.details]).toEqual(['partial', { ...ref, removed: [a], remaining: [b, c] }])
    expect((await packages.resolve(ref)).topHash).toBe(c)
  })
})
