import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { body, openFolder, type StoreFolder, textOf } from './test/store-folder.js'

let folder: StoreFolder

beforeEach(() => {
  folder = openFolder()
  folder.store.createBucket('alpha')
})
afterEach(() => folder.remove())

describe('put', () => {
  it('keeps size, MD5, type, metadata and headers, and reads back byte for byte', async () => {
    const version = await folder.put('a.txt', 'hello', {
      contentType: 'text/plain',
      metadata: { origin: 'test' },
      headers: { 'cache-control': 'no-cache' },
    })
    expect(version).toEqual({
      bucket: 'alpha',
      key: 'a.txt',
      versionId: expect.stringMatching(/^[0-9a-v]{32}$/),
      isLatest: true,
      deleteMarker: false,
      size: 5,
      etag: '5d41402abc4b2a76b9719d911017c592',
      modified: expect.any(Date),
      contentType: 'text/plain',
      metadata: { origin: 'test' },
      headers: { 'cache-control': 'no-cache' },
    })
    expect(folder.store.head('alpha', 'a.txt')).toEqual(version)
    expect(await textOf(folder.store, version)).toBe('hello')
  })

  it('keeps SHA-256 when asked for it', async () => {
    const version = await folder.put('a.txt', 'hello', { sha256: true })
    expect(version.checksumSha256).toBe('LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
  })

  it('never overwrites: each put is a version of its own, the newest is current', async () => {
    const first = await folder.put('a.txt', 'one')
    const second = await folder.put('a.txt', 'two')
    expect(await textOf(folder.store, folder.store.head('alpha', 'a.txt'))).toBe('two')
    expect(await textOf(folder.store, folder.store.head('alpha', 'a.txt', first.versionId))).toBe('one')
    expect(folder.store.head('alpha', 'a.txt', first.versionId)?.isLatest).toBe(false)
    expect(second.versionId > first.versionId).toBe(true)
  })

  it('leaves nothing when the body fails in the middle', async () => {
    const broken = folder.store.put({ bucket: 'alpha', key: 'a.txt', body: body('half', new Error('connection lost')) })
    await expect(broken).rejects.toThrow('connection lost')
    expect(folder.store.head('alpha', 'a.txt')).toBeUndefined()
    expect(folder.files()).toEqual([])
  })

  it('leaves nothing when the SHA-256 is not the announced one', async () => {
    await expect(folder.put('a.txt', 'hello', { expectedSha256: 'AAAA' })).rejects.toMatchObject({ code: 'BadDigest' })
    expect(folder.store.head('alpha', 'a.txt')).toBeUndefined()
    expect(folder.files()).toEqual([])
  })

  it('refuses with PreconditionFailed when the key is there, or is another one', async () => {
    const { etag } = await folder.put('a.txt', 'one')
    await expect(folder.put('a.txt', 'two', { ifNoneMatch: '*' })).rejects.toMatchObject({ code: 'PreconditionFailed' })
    await expect(folder.put('a.txt', 'two', { ifMatch: 'other' })).rejects.toMatchObject({ code: 'PreconditionFailed' })
    await expect(folder.put('b.txt', 'two', { ifMatch: etag })).rejects.toMatchObject({ code: 'NoSuchKey' })
    expect((await folder.put('a.txt', 'two', { ifMatch: etag })).size).toBe(3)
    expect(folder.files()).toHaveLength(2)
  })

  it('lets exactly one of many writers with if-none-match in', async () => {
    const writers = Array.from({ length: 20 }, (_, n) => folder.put('a.txt', `writer ${n}`, { ifNoneMatch: '*' }))
    const results = await Promise.allSettled(writers)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(folder.files()).toHaveLength(1)
  })

  it('refuses keys that cannot be stored, and unknown buckets', async () => {
    await expect(folder.put('', 'x')).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(folder.put('a\0b', 'x')).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(folder.put('\uD800', 'x')).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(folder.put('é'.repeat(513), 'x')).rejects.toMatchObject({ code: 'KeyTooLongError' })
    const elsewhere = folder.store.put({ bucket: 'beta', key: 'a', body: body('x') })
    await expect(elsewhere).rejects.toMatchObject({ code: 'NoSuchBucket' })
  })
})

describe('read', () => {
  it('gives the bytes of a range, both ends included', async () => {
    const version = await folder.put('a.txt', '0123456789')
    expect(await textOf(folder.store, version, { first: 2, last: 4 })).toBe('234')
    expect(await textOf(folder.store, version, { first: 9, last: 9 })).toBe('9')
  })

  it('gives no bytes of an empty object', async () => {
    expect(await textOf(folder.store, await folder.put('empty', ''))).toBe('')
  })

  it('fails, and does not end early, when a file on disk lost bytes', async () => {
    const version = await folder.put('a.txt', 'whole')
    const [path = ''] = folder.files()
    writeFileSync(path, 'who')
    await expect(textOf(folder.store, version)).rejects.toMatchObject({ code: 'InternalError' })
  })
})

describe('remove', () => {
  it('writes a delete marker and keeps the versions', async () => {
    const first = await folder.put('a.txt', 'one')
    const removed = folder.store.remove('alpha', 'a.txt')
    expect(removed.deleteMarker).toBe(true)
    expect(folder.store.head('alpha', 'a.txt')).toMatchObject({ deleteMarker: true, versionId: removed.versionId })
    expect(folder.store.list('alpha', { maxKeys: 10 }).versions).toEqual([])
    expect(await textOf(folder.store, folder.store.head('alpha', 'a.txt', first.versionId))).toBe('one')
  })

  it('brings the version before back when the marker is removed', async () => {
    await folder.put('a.txt', 'one')
    const { versionId } = folder.store.remove('alpha', 'a.txt')
    expect(folder.store.remove('alpha', 'a.txt', versionId)).toEqual({ versionId, deleteMarker: true })
    expect(folder.store.list('alpha', { maxKeys: 10 }).versions.map((version) => version.key)).toEqual(['a.txt'])
    expect(folder.store.head('alpha', 'a.txt')?.isLatest).toBe(true)
  })

  it('removes a version and its bytes for good', async () => {
    const first = await folder.put('a.txt', 'one')
    await folder.put('a.txt', 'two')
    folder.store.remove('alpha', 'a.txt', first.versionId)
    expect(folder.store.head('alpha', 'a.txt', first.versionId)).toBeUndefined()
    expect(await textOf(folder.store, folder.store.head('alpha', 'a.txt'))).toBe('two')
    expect(folder.files()).toHaveLength(1)
  })
})

describe('list', () => {
  it('pages through current versions', async () => {
    for (const key of ['b/1', 'a', 'b/2', 'c']) await folder.put(key, key)
    await folder.put('a', 'again')
    const first = folder.store.list('alpha', { maxKeys: 2, delimiter: '/' })
    expect([first.versions.map((version) => version.key), first.commonPrefixes, first.next]).toEqual([
      ['a'],
      ['b/'],
      'b/',
    ])
    const second = folder.store.list('alpha', { maxKeys: 2, delimiter: '/', startAfter: first.next })
    expect([second.versions.map((version) => version.key), second.commonPrefixes, second.next]).toEqual([
      ['c'],
      [],
      undefined,
    ])
  })

  it('pages through all versions, the newest of a key first, and markers', async () => {
    for (const text of ['1', '2', '3']) await folder.put('a', text)
    folder.store.remove('alpha', 'a')
    await folder.put('b', '4')
    const seen: string[] = []
    let startAfter: string | undefined
    let versionIdMarker: string | undefined
    do {
      const page = folder.store.listVersions('alpha', { maxKeys: 2, startAfter, versionIdMarker })
      for (const version of page.versions)
        seen.push(
          `${version.key} ${version.deleteMarker ? 'removed' : await textOf(folder.store, version)}${version.isLatest ? ' latest' : ''}`,
        )
      startAfter = page.next
      versionIdMarker = page.nextVersionIdMarker
    } while (startAfter !== undefined)
    expect(seen).toEqual(['a removed latest', 'a 3', 'a 2', 'a 1', 'b 4 latest'])
  })
})
