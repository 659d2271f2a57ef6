// Uploads that a client makes by itself, over links: what they allow, and what they do not.
import { createHash } from 'node:crypto'
import { chunkedSha256 } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from '../backend.js'
import { bytesOf, refusalOf } from '../test/collect.js'
import { startWorld, type World } from '../test/world.js'
import type { Uploads, UploadTicket } from './uploads-port.js'

const mebibyte = 1_048_576

let world: World
let ada: Backend
let uploads: Uploads
beforeAll(async () => {
  world = await startWorld({ credentialSeconds: 900 })
  ada = await world.backendOf('ada')
  if (ada.uploads === undefined) throw new Error('there are no uploads')
  uploads = ada.uploads
})
afterAll(() => world.close())

const at = (key: string) => ({ bucket: 'lab-a', key })
const textOf = async (key: string) => (await bytesOf((await ada.objects.read(at(key))).body)).toString()

async function putTicket(...args: Parameters<Uploads['begin']>): Promise<UploadTicket & { readonly kind: 'put' }> {
  const ticket = await uploads.begin(...args)
  if (ticket.kind !== 'put') throw new Error(`it is a ${ticket.kind}`)
  return ticket
}

async function partsTicket(...args: Parameters<Uploads['begin']>): Promise<UploadTicket & { readonly kind: 'parts' }> {
  const ticket = await uploads.begin(...args)
  if (ticket.kind !== 'parts') throw new Error(`it is a ${ticket.kind}`)
  return ticket
}

const send = (
  ticket: { readonly url: string; readonly headers?: HeadersInit },
  body: string | Uint8Array<ArrayBuffer>,
) => fetch(ticket.url, { method: 'PUT', body, ...(ticket.headers && { headers: ticket.headers }) })

describe('a link to upload in one request', () => {
  it('takes the bytes of the client, with their content type, from anyone', async () => {
    const ticket = await putTicket(at('linked/a.txt'), { size: 5, contentType: 'text/x-quilt' })
    expect((await send(ticket, 'hello')).status).toBe(200)
    expect(await textOf('linked/a.txt')).toBe('hello')
    expect((await ada.objects.info(at('linked/a.txt'))).contentType).toBe('text/x-quilt')
  })

  it('lives no longer than the credentials that signed it', async () => {
    const { expires } = await putTicket(at('linked/life.txt'), { size: 5 })
    const seconds = (Date.parse(expires) - Date.now()) / 1_000
    expect(seconds).toBeGreaterThan(600)
    expect(seconds).toBeLessThanOrEqual(900)
  })

  it('takes no other size, type or bytes than were named, and no other key', async () => {
    const sha256 = createHash('sha256').update('hello').digest('base64')
    const ticket = await putTicket(at('linked/b.txt'), { size: 5, contentType: 'text/plain', sha256 })
    const { headers, url } = ticket
    const refused = [
      await send({ url, headers: { ...headers, 'content-length': '6' } }, 'hello!'),
      await send({ url, headers: { ...headers, 'content-type': 'text/html' } }, 'hello'),
      await send({ url, headers: { ...headers, 'x-amz-checksum-sha256': '' } }, 'hello'),
      await send({ url, headers: { ...headers, 'x-amz-meta-added': 'x' } }, 'hello'),
      await send({ url: url.replace('linked/b.txt', 'linked/c.txt'), headers }, 'hello'),
      await send({ url: url.replace('/lab-a/', '/lab-b/'), headers }, 'hello'),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    expect((await send(ticket, 'hallo')).status).toBe(400)
    expect((await refusalOf(ada.objects.info(at('linked/b.txt')))).code).toBe('not_found')
    expect((await send(ticket, 'hello')).status).toBe(200)
  })

  it('does not replace what is there, or is there when it is used, where that was not wanted', async () => {
    const ticket = await putTicket(at('linked/once.txt'), { size: 5, ifAbsent: true })
    await ada.objects.put(at('linked/once.txt'), Buffer.from('other'))
    expect((await send(ticket, 'hello')).status).toBe(412)
    expect(await textOf('linked/once.txt')).toBe('other')
    expect((await refusalOf(uploads.begin(at('linked/once.txt'), { size: 5, ifAbsent: true }))).code).toBe('conflict')
    const { etag } = await ada.objects.info(at('linked/once.txt'))
    const replacing = await putTicket(at('linked/once.txt'), { size: 5, ifMatch: etag })
    expect([(await send(replacing, 'hello')).status, (await send(replacing, 'again')).status]).toEqual([200, 412])
  })

  it.each([-1, 1.5, Number.NaN, 5 * 1024 ** 4 + 1])('is invalid_input for %d bytes', async (size) => {
    expect((await refusalOf(uploads.begin(at('x'), { size }))).code).toBe('invalid_input')
  })

  it('is not made for a key with a part .., which browsers would take out', async () => {
    expect((await refusalOf(uploads.begin(at('a/../b'), { size: 1 }))).code).toBe('unsupported')
  })

  it('gives nobody a right that they do not have', async () => {
    const ticket = await putTicket({ bucket: 'shared', key: 'x' }, { size: 5 })
    expect((await send(ticket, 'hello')).status).toBe(403)
  })
})

describe('links to upload in parts', () => {
  const size = 65 * mebibyte
  const body = new Uint8Array(size).fill(113)

  it('are few, and become one object when all have come', async () => {
    const { uploadId, partSize, parts, expires } = await partsTicket(at('parts/a.bin'), { size, contentType: 'a/b' })
    expect([partSize / mebibyte, parts.map(({ number }) => number)]).toEqual([8, [1, 2, 3, 4, 5, 6, 7, 8, 9]])
    expect(Date.parse(expires)).toBeGreaterThan(Date.now())
    const sendPart = ({ number, url }: (typeof parts)[number]) =>
      send({ url }, body.slice((number - 1) * partSize, number * partSize))
    const [last, ...others] = parts.toReversed()
    expect((await Promise.all(others.map(sendPart))).every(({ ok }) => ok)).toBe(true)
    const early = await refusalOf(uploads.complete(at('parts/a.bin'), { uploadId, size }))
    expect([early.code, early.message]).toEqual([
      'partial',
      `${64 * mebibyte} of ${size} bytes of s3://lab-a/parts/a.bin have come`,
    ])
    expect((await refusalOf(ada.objects.info(at('parts/a.bin')))).code).toBe('not_found')
    if (last !== undefined) await sendPart(last)
    const done = await uploads.complete(at('parts/a.bin'), { uploadId, size })
    expect(done).toEqual({ ...at('parts/a.bin'), size, etag: expect.any(String), versionId: expect.any(String) })
    const read = await ada.objects.read(at('parts/a.bin'))
    expect(await chunkedSha256(await bytesOf(read.body))).toEqual(await chunkedSha256(body))
    expect(read.contentType).toBe('a/b')
    expect((await refusalOf(uploads.complete(at('parts/a.bin'), { uploadId, size }))).code).toBe('not_found')
  })

  it('are 16 at most up to 80 GiB, and stay within what S3 takes above', async () => {
    for (const [bytes, links, part] of [
      [80 * 1024 ** 3, 16, 5 * 1024],
      [81 * 1024 ** 3, 17, 5 * 1024],
    ] as const) {
      const { uploadId, partSize, parts } = await partsTicket(at('parts/huge.bin'), { size: bytes })
      expect([parts.length, partSize / mebibyte]).toEqual([links, part])
      await uploads.abort(at('parts/huge.bin'), uploadId)
    }
  })

  it("are of no use at another key, for another number or in another's hands, and of none after an abort", async () => {
    const { uploadId, parts } = await partsTicket(at('parts/b.bin'), { size })
    const url = parts[0]?.url ?? ''
    const first = body.slice(0, 8 * mebibyte)
    expect((await send({ url: url.replace('b.bin', 'c.bin') }, first)).status).toBe(403)
    expect((await send({ url: url.replace('partNumber=1', 'partNumber=2') }, first)).status).toBe(403)
    expect((await send({ url }, first.slice(1))).status).toBe(403)
    const grace = await world.backendOf('grace')
    const foreign = grace.uploads?.complete(at('parts/b.bin'), { uploadId, size }) ?? Promise.resolve()
    expect((await refusalOf(foreign)).code).toBe('forbidden')
    expect((await refusalOf(uploads.complete(at('parts/other.bin'), { uploadId, size }))).code).toBe('not_found')
    await uploads.abort(at('parts/b.bin'), uploadId)
    await uploads.abort(at('parts/b.bin'), uploadId)
    expect((await send({ url }, first)).status).toBe(404)
  })
})
