import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { manifestWorld } from '../../test/manifest-world.js'
import type { MemoryStore } from '../../test/memory-store.js'

const ref = { bucket: 'bkt', name: 'lab/cells' }
const hashOf = (digit: string) => digit.repeat(64)

/** Puts a revision there; `latest` follows. */
function plant(store: MemoryStore, topHash: string, second: number, manifest = '{"version": "v0", "message": "m"}\n') {
  store.plant(`.quilt/packages/${topHash}`, manifest)
  for (const name of [second, 'latest']) store.plant(`.quilt/named_packages/lab/cells/${name}`, topHash)
}

/** Refuses to list, as S3 does without the right to. */
function forbidListing(store: MemoryStore): void {
  store.before = (call) => {
    if (call === 'list' || call === 'children')
      throw new QuiltError('forbidden', 'access denied', { hint: 'Ask for the right to list.' })
  }
}

describe('the latest revision', () => {
  it('takes four requests', async () => {
    const { packages, store } = manifestWorld()
    for (let at = 0; at < 100; at += 1) plant(store, hashOf((at % 16).toString(16)), 1_700_000_000 + at)
    await packages.resolve(ref)
    expect(store.calls).toHaveLength(4)
  })

  it('is found without the right to list the bucket, as old as its tag', async () => {
    const { packages, store } = manifestWorld()
    plant(store, hashOf('a'), 1_700_000_000)
    const { modified } = (await store.info('.quilt/named_packages/lab/cells/latest')) ?? {}
    forbidListing(store)
    expect(await packages.resolve(ref)).toEqual({
      ...ref,
      topHash: hashOf('a'),
      modified,
      message: 'm',
      totalEntries: 0,
      totalBytes: 0,
    })
    expect((await packages.resolve(ref, hashOf('a'))).modified).toBe(modified)
    expect((await refusalOf(packages.revisions(ref))).code).toBe('forbidden')
  })

  it('is none when latest holds no top hash', async () => {
    const { packages, store } = manifestWorld()
    plant(store, hashOf('a'), 1_700_000_000)
    store.plant('.quilt/named_packages/lab/cells/latest', 'not a hash')
    expect((await refusalOf(packages.resolve(ref))).details).toEqual({ missing: 'package', ...ref })
    expect((await packages.resolve(ref, hashOf('a'))).topHash).toBe(hashOf('a'))
  })
})

describe('revisions', () => {
  it('are listed though the manifest of one is damaged and that of another gone', async () => {
    const { packages, store } = manifestWorld()
    plant(store, hashOf('a'), 1_700_000_000, '<html>\n')
    plant(store, hashOf('b'), 1_700_000_001)
    plant(store, hashOf('c'), 1_700_000_002)
    await store.remove(`.quilt/packages/${hashOf('c')}`)
    const { items } = await packages.revisions(ref)
    expect(items.map(({ topHash, message }) => [topHash[0], message])).toEqual([
      ['c', undefined],
      ['b', 'm'],
      ['a', undefined],
    ])
  })

  it('of a page are all that is read', async () => {
    const { packages, store } = manifestWorld()
    for (let at = 0; at < 100; at += 1) plant(store, hashOf((at % 16).toString(16)), 1_700_000_000 + at)
    const page = await packages.revisions(ref, { limit: 3 })
    expect([page.total, page.items.length]).toEqual([100, 3])
    expect(store.calls).toHaveLength(1 + 3 + 3)
  })

  it('tell no totals where the manifest is long, and its message all the same', async () => {
    const { packages, store } = manifestWorld()
    const long = `{"version": "v0", "message": "long"}\n${' \n'.repeat(200_000)}`
    plant(store, hashOf('a'), 1_700_000_000, long)
    const [revision] = (await packages.revisions(ref)).items
    expect([revision?.message, revision?.totalEntries]).toEqual(['long', undefined])
    expect(store.bytesRead()).toBeLessThan(300_000)
  })

  it('have a header of any length', async () => {
    const { packages, store } = manifestWorld()
    const message = 'x'.repeat(500_000)
    plant(store, hashOf('a'), 1_700_000_000, `{"version": "v0", "message": "${message}"}\n`)
    expect((await packages.resolve(ref)).message).toBe(message)
  })
})
