import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/collect.js'
import { helloAt, type ManifestWorld, manifestWorld } from '../../test/manifest-world.js'
import { entriesOf, jsonObjectOf } from '../../test/packages.js'
import { createIndexCache } from '../indexes/index-cache.js'

const ref = { bucket: 'bkt', name: 'lab/cells' }

/** A package whose manifest is far longer than what is read at once. */
async function aLargePackage({ packages }: ManifestWorld, count = 20_000) {
  const entries = Array.from({ length: count }, (_, at) => helloAt(`plate-${at % 100}/well-${at}.csv`))
  const directories = [{ logicalKey: 'plate-7/', meta: jsonObjectOf('{"assay":"ATAC"}') }]
  return (await packages.push({ ...ref, entries, directories, message: 'large' })).revision
}

describe('a short manifest', () => {
  it('is read by one request, whatever is asked of it', async () => {
    const { packages, store } = manifestWorld()
    const { revision } = await packages.push({ ...ref, entries: [helloAt('a/b'), helloAt('c')], message: null })
    store.calls.length = 0
    const reader = await packages.open({ ...ref, topHash: revision.topHash })
    expect(reader.revision).toMatchObject({ totalEntries: 2, totalBytes: 10 })
    expect((await reader.dir('a')).items.map(({ name }) => name)).toEqual(['b'])
    expect((await reader.entry('c')).size).toBe(5)
    expect(await entriesOf(reader)).toHaveLength(2)
    expect((await reader.summary?.())?.entries).toBe(2)
    expect((await refusalOf(reader.entry('d'))).code).toBe('not_found')
    expect(store.calls).toEqual([`read .quilt/packages/${revision.topHash}`])
  })
})

describe('a long manifest', () => {
  it('is read once; the next look reads only what it shows', async () => {
    const world = manifestWorld({ indexes: createIndexCache() })
    const revision = await aLargePackage(world)
    const first = await world.packages.open(revision)
    expect((await first.dir('')).total).toBe(100)
    const before = world.store.bytesRead()
    const second = await world.packages.open(revision)
    const page = await second.dir('plate-42', { limit: 10 })
    expect([page.total, page.items.length]).toEqual([200, 10])
    expect((await second.entry('plate-99/well-19999.csv')).physicalKey).toBe(
      's3://bkt/plate-99/well-19999.csv?versionId=v1',
    )
    expect(world.store.bytesRead() - before).toBeLessThan(300_000)
  })

  it('is opened with its header, and counted when that is asked for', async () => {
    const world = manifestWorld()
    const revision = await aLargePackage(world)
    const reader = await world.packages.open({ ...ref, topHash: revision.topHash })
    expect([reader.header.get('message'), reader.revision.totalEntries]).toEqual(['large', undefined])
    expect(await reader.summary?.()).toMatchObject({ entries: 20_000, bytes: 100_000, directories: 100 })
  })

  it('tells the metadata of directories without its entries being read', async () => {
    const world = manifestWorld()
    const reader = await world.packages.open(await aLargePackage(world))
    expect(await reader.directories?.()).toEqual([{ logicalKey: 'plate-7/', meta: jsonObjectOf('{"assay":"ATAC"}') }])
  })

  it('that was rewritten since it was opened shows what it is now, in its directories as in its entries', async () => {
    const world = manifestWorld()
    const revision = await aLargePackage(world)
    const reader = await world.packages.open(revision)
    await reader.dir('')
    const key = `.quilt/packages/${revision.topHash}`
    world.store.plant(key, (world.store.texts()[key] ?? '').replaceAll('s3://bkt/', 's3://elsewhere/data/'))
    const [item] = (await reader.dir('plate-0', { limit: 1 })).items
    expect(item).toMatchObject({ physicalKey: 's3://elsewhere/data/plate-0/well-0.csv?versionId=v1' })
    expect((await entriesOf(reader)).length).toBe(20_000)
  })

  it('that is gone since it was opened is no revision any more', async () => {
    const world = manifestWorld()
    const revision = await aLargePackage(world)
    const reader = await world.packages.open(revision)
    await world.store.remove(`.quilt/packages/${revision.topHash}`)
    expect((await refusalOf(reader.dir(''))).details).toMatchObject({ missing: 'revision' })
  })
})
