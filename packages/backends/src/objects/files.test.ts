import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PlacedEntry } from '../packages/port.js'
import { fileStore } from '../packages/stores/file-store.js'
import { bytesOf, refusalOf } from '../test/collect.js'
import { testFolder } from '../test/store-world.js'
import { entryFacts } from './entry-facts.js'
import { fileEntries } from './entry-facts-files.js'
import { fileObjects } from './files.js'
import type { Objects } from './port.js'

const text = (value: string) => Buffer.from(value)

/** A registry called `local`. */
function world() {
  const root = testFolder()
  const buckets = [{ name: 'local', root, store: fileStore({ root, dataOnly: true }) }]
  return { root, objects: fileObjects(buckets), entries: fileEntries(buckets) }
}

async function listed(objects: Objects, options: Parameters<Objects['list']>[1] = {}) {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page = await objects.list('local', { ...options, cursor })
    pages.push([...page.items.map(({ key }) => key), ...page.prefixes])
    cursor = page.cursor
  } while (cursor !== undefined)
  return pages
}

describe('objects of a local registry', () => {
  it('are its files', async () => {
    const { root, objects } = world()
    mkdirSync(join(root, 'lab'))
    writeFileSync(join(root, 'lab/a.csv'), 'a,b\n')
    const info = await objects.info({ bucket: 'local', key: 'lab/a.csv' })
    expect(info).toEqual({
      bucket: 'local',
      key: 'lab/a.csv',
      size: 4,
      etag: expect.any(String),
      modified: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    const { body, ...read } = await objects.read(
      { bucket: 'local', key: 'lab/a.csv' },
      { range: { first: 2, last: 99 } },
    )
    expect([read, (await bytesOf(body)).toString()]).toEqual([{ ...info, range: { first: 2, last: 3 } }, 'b\n'])
  })

  it('are listed folder by folder or all, in pages of any size', async () => {
    const { objects } = world()
    for (const key of ['a', 'b/1', 'b/2', 'b-c', 'd/e/f', 'z']) await objects.put({ bucket: 'local', key }, text('x'))
    expect(await listed(objects)).toEqual([['a', 'b-c', 'z', 'b/', 'd/']])
    expect(await listed(objects, { limit: 2 })).toEqual([['a', 'b-c'], ['b/', 'd/'], ['z']])
    expect(await listed(objects, { limit: 1 })).toEqual([['a'], ['b-c'], ['b/'], ['d/'], ['z']])
    expect(await listed(objects, { recursive: true, limit: 4 })).toEqual([
      ['a', 'b-c', 'b/1', 'b/2'],
      ['d/e/f', 'z'],
    ])
    expect(await listed(objects, { prefix: 'b/' })).toEqual([['b/1', 'b/2']])
    expect(await listed(objects, { prefix: 'd' })).toEqual([['d/']])
  })

  it.each([
    [{ bucket: 'elsewhere', key: 'a' }, 'not_found'],
    [{ bucket: 'local', key: '' }, 'invalid_input'],
    [{ bucket: 'local', key: '../a' }, 'invalid_input'],
    [{ bucket: 'local', key: '/etc/passwd' }, 'invalid_input'],
    [{ bucket: 'local', key: '.quilt/packages/a' }, 'forbidden'],
    [{ bucket: 'local', key: 'link' }, 'forbidden'],
    [{ bucket: 'local', key: 'a', versionId: 'v1' }, 'not_found'],
  ] as const)('%j is %s', async (location, code) => {
    const { root, objects } = world()
    symlinkSync('/etc', join(root, 'link'))
    await objects.put({ bucket: 'local', key: 'a' }, text('x'))
    expect((await refusalOf(objects.info(location))).code).toBe(code)
    expect((await refusalOf(objects.read(location))).code).toBe(code)
  })

  it('are not replaced where that was not wanted', async () => {
    const { objects } = world()
    const a = { bucket: 'local', key: 'a' }
    await objects.put(a, text('one'), { ifAbsent: true })
    expect((await refusalOf(objects.put(a, text('two'), { ifAbsent: true }))).code).toBe('conflict')
  })
})

describe('an entry to be made', () => {
  const hello = { size: 5, hash: { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' } }
  const planned = (physicalKey: string, more: Partial<PlacedEntry> = {}): PlacedEntry => ({
    logicalKey: 'a',
    physicalKey,
    ...more,
  })

  it('of a file gets its size and hash, and is written as its file:// URL', async () => {
    const { root, objects, entries } = world()
    await objects.put({ bucket: 'local', key: 'lab/a b#.txt' }, text('hello'))
    const facts = { physicalKey: `file://${root}/lab/a%20b%23.txt`, ...hello }
    expect(await entryFacts(entries, planned('s3://local/lab/a%20b%23.txt'))).toEqual({ facts })
    expect(await entryFacts(entries, planned(facts.physicalKey))).toEqual({ facts })
  })

  it('of more than one part gets the hash of its parts', async () => {
    const { objects, entries } = world()
    await objects.put({ bucket: 'local', key: 'zeros' }, Buffer.alloc(8_388_609))
    const value = 'Y68lgvvPstmbueZHNVw/WNEIEX0Qxy01vyRB//bzz/g='
    const outcome = await entryFacts(entries, planned('s3://local/zeros'))
    expect(outcome).toEqual({ facts: expect.objectContaining({ hash: { type: 'sha2-256-chunked', value } }) })
  })

  it('that a stored manifest names is kept as it is, wherever it lies', async () => {
    const { entries } = world()
    for (const physicalKey of ['file:///elsewhere/a', 's3://bucket/a?versionId=v1']) {
      expect(await entryFacts(entries, planned(physicalKey, hello))).toEqual({ facts: { physicalKey, ...hello } })
    }
  })

  it.each([
    ['s3://local/missing', 'NoSuchKey'],
    ['s3://local/a?versionId=v1', 'NoSuchVersion'],
    ['s3://local/.quilt/packages/a', 'AccessDenied'],
    ['s3://local/link/passwd', 'AccessDenied'],
    ['file:///etc/passwd', 'it does not lie in this local registry; copy it there first'],
    ['s3://bucket/a', 'it does not lie in this local registry; copy it there first'],
  ])('%s is refused: %s', async (physicalKey, says) => {
    const { root, objects, entries } = world()
    symlinkSync('/etc', join(root, 'link'))
    await objects.put({ bucket: 'local', key: 'a' }, text('hello'))
    const message = `Failed to fetch the metadata of ${physicalKey}: ${says}`
    expect(await entryFacts(entries, planned(physicalKey))).toEqual({
      failure: expect.objectContaining({ name: 'FailedToFetchObjectMetadata', message }),
    })
  })

  it('of another size than the file has is refused', async () => {
    const { objects, entries } = world()
    await objects.put({ bucket: 'local', key: 'a' }, text('hello'))
    expect(await entryFacts(entries, planned('s3://local/a', { ...hello, size: 4 }))).toEqual({
      failure: expect.objectContaining({
        message: expect.stringContaining('the object has 5 bytes, the entry says 4'),
      }),
    })
  })
})

describe('an entry of a package', () => {
  const helloHash = { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' }
  const entry = (physicalKey: string) => ({ logicalKey: 'a', physicalKey, size: 5, hash: helloHash })

  it('is read from its file, also from one elsewhere on this machine', async () => {
    const { root, objects, entries } = world()
    await objects.put({ bucket: 'local', key: 'a' }, text('hello'))
    const outside = join(testFolder(), 'b')
    writeFileSync(outside, 'hello')
    for (const [path, expected] of [
      [join(root, 'a'), { bucket: 'local', key: 'a', bytes: 'hello' }],
      [outside, { bucket: 'local', key: outside, bytes: 'hello' }],
    ] as const) {
      const read = await entries.read(entry(`file://${path}`))
      expect({ bucket: read.bucket, key: read.key, bytes: (await bytesOf(read.body)).toString() }).toEqual(expected)
    }
  })

  it('whose file has changed its size is a conflict, one whose file is gone not found; both say what to do', async () => {
    const { root, objects, entries } = world()
    const physicalKey = `file://${root}/a`
    await objects.put({ bucket: 'local', key: 'a' }, text('hello, again'))
    const changed = await refusalOf(entries.read(entry(physicalKey)))
    expect([changed.code, changed.message, changed.nextTools]).toEqual([
      'conflict',
      `${physicalKey} has 12 bytes, but 5 when the package was made`,
      ['package_update'],
    ])
    const gone = await refusalOf(entries.read(entry(`${physicalKey}-gone`)))
    expect([gone.code, gone.nextTools]).toEqual(['not_found', ['package_update']])
  })

  it('whose file has other bytes of the same length is a conflict, told by its hash when it is read to the end', async () => {
    const { root, objects, entries } = world()
    const physicalKey = `file://${root}/a`
    await objects.put({ bucket: 'local', key: 'a' }, text('world'))
    const { body } = await entries.read(entry(physicalKey))
    const error = await refusalOf(bytesOf(body))
    expect([error.code, error.message]).toEqual([
      'conflict',
      `${physicalKey} has other bytes than when the package was made`,
    ])
  })

  it('whose type of hash is not known is given as it is', async () => {
    const { root, objects, entries } = world()
    await objects.put({ bucket: 'local', key: 'a' }, text('hello'))
    const { body } = await entries.read({ ...entry(`file://${root}/a`), hash: { type: 'new', value: 'x' } })
    expect((await bytesOf(body)).toString()).toBe('hello')
  })

  it('that lies in a bucket is unsupported', async () => {
    const { entries } = world()
    const read = entries.read(entry('s3://bucket/a'))
    expect((await refusalOf(read)).code).toBe('unsupported')
  })
})
