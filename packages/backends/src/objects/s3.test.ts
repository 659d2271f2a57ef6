import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { bytesOf, refusalOf, refusalsOf } from '../test/collect.js'
import { linkOf } from '../test/links.js'
import { startWorld, type World } from '../test/world.js'

const oddKeys = [
  'a b/c+d#e?f%g.txt',
  "it's (1)!*~_-.txt",
  'ключ/é.txt',
  '/lead/x',
  'dir//dbl',
  'a/../b',
  'tab\tkey',
  'plain.txt',
]

let world: World
let ada: Backend

beforeAll(async () => {
  world = await startWorld()
  ada = await world.backendOf('ada')
})
afterAll(() => world.close())

describe.each(oddKeys)('the key %j', (key) => {
  const object = { bucket: 'lab-a', key }
  const body = Buffer.from(`bytes of ${key}`)

  it('is written, looked up and read', async () => {
    const { hash: _, ...put } = await ada.objects.put(object, body, {
      contentType: 'text/plain',
      metadata: { origin: 'test' },
    })
    expect(put).toMatchObject({ ...object, size: body.byteLength, versionId: expect.any(String) })
    expect(await ada.objects.info(object)).toEqual({ ...put, modified: expect.stringMatching(/^\d{4}-.*Z$/) })
    const read = await ada.objects.read(object)
    expect(await bytesOf(read.body)).toEqual(body)
    expect([read.contentType, read.versionId]).toEqual(['text/plain', put.versionId])
  })
})

describe('a link', () => {
  it.each(oddKeys.filter((key) => !key.includes('..')))('to %j gives its bytes to anyone, for a while', async (key) => {
    const { url, expires } = await linkOf(ada, { bucket: 'lab-a', key }, { expiresInSeconds: 60 })
    expect(await (await fetch(url)).text()).toBe(`bytes of ${key}`)
    expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(60_000)
  })

  it('cannot be made for a key with a part .., which browsers would take out', async () => {
    expect((await refusalOf(linkOf(ada, { bucket: 'lab-a', key: 'a/../b' }))).code).toBe('unsupported')
  })

  it.each([0, 604_801, 1.5])('for %d seconds is invalid_input', async (expiresInSeconds) => {
    const link = linkOf(ada, { bucket: 'lab-a', key: 'plain.txt' }, { expiresInSeconds })
    expect((await refusalOf(link)).code).toBe('invalid_input')
  })
})

describe('reading', () => {
  it.each([
    [{ first: 0, last: 3 }, 'byte', { first: 0, last: 3 }],
    [{ first: 9 }, 'plain.txt', { first: 9, last: 17 }],
    [{ first: 15, last: 999 }, 'txt', { first: 15, last: 17 }],
  ])('the range %j gives %j and the size of the whole', async (range, expected, given) => {
    const read = await ada.objects.read({ bucket: 'lab-a', key: 'plain.txt' }, { range })
    expect([(await bytesOf(read.body)).toString(), read.range, read.size]).toEqual([expected, given, 18])
  })

  it.each([
    { first: 18 },
    { first: 5, last: 4 },
    { first: -1 },
    { first: 0.5 },
  ])('the range %j is invalid_input', async (range) => {
    expect((await refusalOf(ada.objects.read({ bucket: 'lab-a', key: 'plain.txt' }, { range }))).code).toBe(
      'invalid_input',
    )
  })

  it('is read while it has the etag that it must have, and a conflict when it has another', async () => {
    const object = { bucket: 'lab-a', key: 'versions.txt' }
    const { etag = '' } = await ada.objects.put(object, Buffer.from('first'))
    const options = { ifMatch: etag, range: { first: 0, last: 1 } }
    expect((await bytesOf((await ada.objects.read(object, options)).body)).toString()).toBe('fi')
    await ada.objects.put(object, Buffer.from('second'))
    const refusal = await refusalOf(ada.objects.read(object, options))
    expect([refusal.code, refusal.retryable]).toEqual(['conflict', true])
    expect(refusal.message).toBe('s3://lab-a/versions.txt has changed since it was looked up')
  })

  it('an older version is read by its id after it was overwritten', async () => {
    const object = { bucket: 'lab-a', key: 'versions.txt' }
    const { versionId } = await ada.objects.put(object, Buffer.from('first'))
    await ada.objects.put(object, Buffer.from('second'))
    expect((await bytesOf((await ada.objects.read({ ...object, versionId })).body)).toString()).toBe('first')
    expect((await bytesOf((await ada.objects.read(object)).body)).toString()).toBe('second')
  })

  it('a missing object is not found', async () => {
    const missing = { bucket: 'lab-a', key: 'missing' }
    const errors = await refusalsOf([ada.objects.info(missing), ada.objects.read(missing)])
    expect(errors.map(({ code }) => code)).toEqual(['not_found', 'not_found'])
  })

  it('an empty key is invalid_input, not the bucket', async () => {
    expect((await refusalOf(ada.objects.read({ bucket: 'lab-a', key: '' }))).code).toBe('invalid_input')
  })
})

describe('listing', () => {
  it('goes one level down, with prefixes', async () => {
    const { items, prefixes } = await ada.objects.list('lab-a', { prefix: '' })
    expect(items.map(({ key }) => key)).toEqual(["it's (1)!*~_-.txt", 'plain.txt', 'tab\tkey', 'versions.txt'])
    expect(prefixes).toEqual(['/', 'a b/', 'a/', 'dir/', 'ключ/'])
  })

  it('or through the whole tree, in pages that any limit continues', async () => {
    const keys: string[] = []
    let cursor: string | undefined
    let limit = 1
    do {
      const page = await ada.objects.list('lab-a', { recursive: true, limit, cursor })
      keys.push(...page.items.map(({ key }) => key))
      cursor = page.cursor
      limit += 1
    } while (cursor !== undefined)
    expect(keys.sort()).toEqual([...oddKeys, 'versions.txt'].sort())
  })

  it('of a prefix that nothing has is empty', async () => {
    expect(await ada.objects.list('lab-a', { prefix: 'nothing/' })).toEqual({ items: [], prefixes: [] })
  })
})

describe('writing', () => {
  it.each([8_388_607, 8_388_608, 20_971_520])('%i bytes arrive whole', async (size) => {
    const body = Buffer.alloc(size, 'quilt')
    const progress: number[] = []
    await ada.objects.put({ bucket: 'lab-a', key: `big/${size}` }, body, {
      onProgress: ({ done }) => progress.push(done),
    })
    expect((await bytesOf((await ada.objects.read({ bucket: 'lab-a', key: `big/${size}` })).body)).equals(body)).toBe(
      true,
    )
    if (size > 8_388_608) expect(Math.max(...progress)).toBe(size)
  })

  it.each([5, 9 * 1_048_576])('ifAbsent refuses to replace, for %i bytes too', async (size) => {
    const object = { bucket: 'lab-a', key: `once/${size}` }
    await ada.objects.put(object, Buffer.alloc(size, 'a'), { ifAbsent: true })
    expect((await refusalOf(ada.objects.put(object, Buffer.alloc(size, 'b'), { ifAbsent: true }))).code).toBe(
      'conflict',
    )
    const read = await ada.objects.read(object, { range: { first: 0, last: 0 } })
    expect((await bytesOf(read.body)).toString()).toBe('a')
  })

  it('into a bucket that may only be read is forbidden', async () => {
    expect((await refusalOf(ada.objects.put({ bucket: 'shared', key: 'x' }, Buffer.from('x')))).code).toBe('forbidden')
  })
})

describe('credentials', () => {
  it('that have expired are exchanged once, unnoticed', async () => {
    const short = await startWorld({ credentialSeconds: 1 })
    try {
      // The clock of this side stands still: it takes the credentials for fresh until S3 refuses them.
      const start = Date.now()
      const backend = await short.backendOf('ada', { now: () => start })
      await backend.objects.put({ bucket: 'lab-a', key: 'x' }, Buffer.from('x'))
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect((await backend.objects.info({ bucket: 'lab-a', key: 'x' })).size).toBe(1)
      expect((await backend.objects.list('lab-a')).items).toHaveLength(1)
    } finally {
      await short.close()
    }
  })

  it('bound the life of a link', async () => {
    const short = await startWorld({ credentialSeconds: 120 })
    try {
      const backend = await short.backendOf('ada')
      await backend.objects.put({ bucket: 'lab-a', key: 'x' }, Buffer.from('x'))
      const { expires } = await linkOf(backend, { bucket: 'lab-a', key: 'x' }, { expiresInSeconds: 604_800 })
      expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(120_000)
    } finally {
      await short.close()
    }
  })
})
