import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { body, openFolder, type StoreFolder, textOf } from './test/store-folder.js'

let folder: StoreFolder

beforeEach(() => {
  folder = openFolder()
  folder.store.createBucket('alpha')
})
afterEach(() => folder.remove())

const mebibyte = 1024 * 1024

describe('a multipart upload', () => {
  const part = (letter: string, bytes: number) => body(letter.repeat(bytes))

  it('becomes one version of its parts in order', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big', contentType: 'text/plain', sha256: true })
    const second = await folder.store.putPart(upload, 2, part('b', 3))
    const first = await folder.store.putPart(upload, 1, part('a', 5 * mebibyte))
    expect(folder.store.head('alpha', 'big')).toBeUndefined()
    const version = await folder.store.completeUpload(upload, [first, second])
    const digests = [first, second].map((done) => Buffer.from(done.etag, 'hex'))
    expect(version.etag).toBe(`${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2`)
    expect(version.partSizes).toEqual([5 * mebibyte, 3])
    expect(version.checksumSha256).toMatch(/^[A-Za-z0-9+/]{43}=-2$/)
    expect(await textOf(folder.store, version, { first: 5 * mebibyte - 2, last: 5 * mebibyte + 1 })).toBe('aabb')
    expect((await textOf(folder.store, version)).length).toBe(version.size)
    expect(folder.store.upload(upload)).toBeUndefined()
  })

  it('drops parts that are replaced or not named', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big' })
    await folder.store.putPart(upload, 1, part('x', 10))
    const first = await folder.store.putPart(upload, 1, part('a', 10))
    await folder.store.putPart(upload, 2, part('b', 10))
    expect(await textOf(folder.store, await folder.store.completeUpload(upload, [first]))).toBe('aaaaaaaaaa')
    expect(folder.files()).toHaveLength(1)
  })

  it('leaves nothing when it is aborted', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big' })
    await folder.store.putPart(upload, 1, part('a', 10))
    folder.store.abortUpload(upload)
    expect(folder.files()).toEqual([])
    expect(() => folder.store.parts(upload)).toThrow(expect.objectContaining({ code: 'NoSuchUpload' }))
  })

  it('drops a part that ends after the upload did', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big' })
    async function* aborting() {
      yield Buffer.from('late')
      folder.store.abortUpload(upload)
    }
    await expect(folder.store.putPart(upload, 1, aborting())).rejects.toMatchObject({ code: 'NoSuchUpload' })
    expect(folder.files()).toEqual([])
  })

  it('refuses parts that are small, unknown, changed or out of order', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big' })
    const first = await folder.store.putPart(upload, 1, part('a', 10))
    const second = await folder.store.putPart(upload, 2, part('b', 10))
    const complete = (...parts: { partNumber: number; etag: string }[]) => folder.store.completeUpload(upload, parts)
    await expect(complete(first, second)).rejects.toMatchObject({ code: 'EntityTooSmall' })
    await expect(complete(second, first)).rejects.toMatchObject({ code: 'InvalidPartOrder' })
    await expect(complete({ partNumber: 3, etag: 'x' })).rejects.toMatchObject({ code: 'InvalidPart' })
    await expect(complete({ partNumber: 1, etag: 'x' })).rejects.toMatchObject({ code: 'InvalidPart' })
    expect(folder.store.parts(upload)).toHaveLength(2)
  })

  it('goes on after the store is opened again', async () => {
    const upload = folder.store.createUpload({ bucket: 'alpha', key: 'big' })
    const first = await folder.store.putPart(upload, 1, part('a', 5 * mebibyte))
    folder.reopen()
    const second = await folder.store.putPart(upload, 2, part('b', 1))
    expect((await folder.store.completeUpload(upload, [first, second])).size).toBe(5 * mebibyte + 1)
  })
})
