// A stack that gives its users no AWS credentials: what still works, and what says why it does not.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from './backend.js'
import type { PackageReader } from './packages/port.js'
import { bytesOf, refusalOf, refusalsOf } from './test/collect.js'
import { linkOf } from './test/links.js'
import { startWorld, type World, worldFolder } from './test/world.js'

const dataDir = worldFolder()
let world: World
let ada: Backend
let reader: PackageReader

/** Starts the stack with the exchange, makes a package, and starts it again without. */
beforeAll(async () => {
  const before = await startWorld({ dataDir })
  const backend = await before.backendOf('ada')
  const entries = []
  for (const key of ['a.txt', 'data/b c+d#e?.txt', 'ключ.txt']) {
    const { versionId } = await backend.objects.put({ bucket: 'lab-a', key }, Buffer.from(`bytes of ${key}`), {
      contentType: 'text/plain',
    })
    entries.push({
      logicalKey: key,
      physicalKey: `s3://lab-a/${key.split('/').map(encodeURIComponent).join('/')}?versionId=${versionId}`,
    })
  }
  await backend.packages.push({ bucket: 'lab-a', name: 'ada/data', entries, message: 'first' })
  await backend.objects.put({ bucket: 'lab-a', key: 'a.txt' }, Buffer.from('overwritten'))
  await before.close()

  world = await startWorld({ dataDir, credentialExchange: false })
  ada = await world.backendOf('ada')
  reader = await ada.packages.open(await ada.packages.resolve({ bucket: 'lab-a', name: 'ada/data' }))
})
afterAll(async () => {
  await ada.close()
  await world.close()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('without AWS credentials', () => {
  it('the identity says how objects are reached', async () => {
    expect((await ada.identity()).objectAccess).toBe('browse-only')
  })

  it('objects of buckets are forbidden, with a way out', async () => {
    const object = { bucket: 'lab-a', key: 'a.txt' }
    const { objects } = ada
    for (const error of await refusalsOf([
      objects.list('lab-a'),
      objects.info(object),
      objects.read(object),
      linkOf(ada, object),
    ])) {
      expect([error.code, error.details]).toEqual(['forbidden', { reason: 'exchange-refused', status: 403 }])
      expect(error.hint).toContain('can still be read through their package')
    }
  })

  it.each([
    'a.txt',
    'data/b c+d#e?.txt',
    'ключ.txt',
  ])('%s is read through its package, in its own version', async (key) => {
    const read = await reader.read(key)
    expect((await bytesOf(read.body)).toString()).toBe(`bytes of ${key}`)
    expect(read).toMatchObject({
      bucket: 'lab-a',
      key,
      versionId: expect.any(String),
      contentType: 'text/plain',
      size: Buffer.byteLength(`bytes of ${key}`),
    })
  })

  it('a range of it, too', async () => {
    const read = await reader.read('a.txt', { range: { first: 0, last: 4 } })
    expect([(await bytesOf(read.body)).toString(), read.range, read.size]).toEqual(['bytes', { first: 0, last: 4 }, 14])
  })

  it('what the package does not have is not found', async () => {
    expect((await refusalOf(reader.read('b.txt'))).code).toBe('not_found')
  })

  it('entries come with their hashes from the registry', async () => {
    expect((await reader.entry('a.txt')).hash.type).toBe('sha2-256-chunked')
  })
})
