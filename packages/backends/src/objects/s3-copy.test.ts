import { chunkedSha256 } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf, refusalOf } from '../test/collect.js'
import { issuedKeys } from '../test/issued-keys.js'
import { always } from '../test/s3-server.js'
import { startWorld, type World } from '../test/world.js'
import type { Objects } from './port.js'
import { s3Objects } from './s3.js'
import { type S3Access, s3Access } from './s3-access.js'
import { copyInParts, copyObject } from './s3-copy.js'

let world: World
let s3: S3Access
let objects: Objects
beforeAll(async () => {
  world = await startWorld()
  const credentials = always(await issuedKeys(world, 'ada'))
  s3 = s3Access({ credentials, http: world.http, endpoint: world.stack.s3Endpoint, region: async () => 'us-east-1' })
  objects = s3Objects({ s3 })
})
afterAll(() => world.close())

const bytes = Buffer.alloc(8_388_609, 'quilt')
const described = { contentType: 'text/csv', metadata: { origin: 'test' } }

async function original(key: string) {
  const { versionId } = await objects.put({ bucket: 'lab-a', key }, bytes, described)
  return { bucket: 'lab-a', key, ...(versionId === undefined ? {} : { versionId }) }
}

async function uploadsUnderWay(): Promise<number> {
  return s3.run('Listing uploads', undefined, async ({ sdk, client, send }) => {
    const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: 'lab-a' }), send)
    return Uploads.length
  })
}

describe('a copy inside S3', () => {
  it('of more than 8 MiB whose hash is wanted is made in parts that tell it, described as the original is', async () => {
    const from = await original('copies/from a+b.csv')
    const to = { bucket: 'lab-a', key: 'copies/to.csv' }
    const copied = await copyObject({ s3 }, { from, to, size: bytes.byteLength, wantsHash: true })
    expect(copied).toEqual({ versionId: expect.any(String), hash: await chunkedSha256(bytes) })
    const read = await objects.read(to)
    expect(bytes.equals(await bytesOf(read.body))).toBe(true)
    expect(read).toMatchObject(described)
  })

  it('of that version which is named, though there is a newer one', async () => {
    const from = await original('copies/twice.csv')
    await objects.put({ bucket: 'lab-a', key: from.key }, Buffer.from('newer'))
    const to = { bucket: 'lab-a', key: 'copies/older.csv' }
    await copyInParts({ s3 }, { from, to, size: bytes.byteLength, wantsHash: false })
    expect(bytes.equals(await bytesOf((await objects.read(to)).body))).toBe(true)
  })

  it('of a small object takes one request, whose checksum is its hash', async () => {
    const { versionId: _, ...from } = await original('copies/ignored.csv')
    const small = { ...from, key: 'copies/small.txt' }
    await objects.put(small, Buffer.from('hello'))
    const to = { bucket: 'lab-a', key: 'copies/small-copy.txt' }
    expect(await copyObject({ s3 }, { from: small, to, size: 5, wantsHash: true })).toEqual({
      versionId: expect.any(String),
      hash: await chunkedSha256(Buffer.from('hello')),
    })
  })

  it('leaves no parts behind when one of them fails', async () => {
    const from = await original('copies/short.csv')
    const to = { bucket: 'lab-a', key: 'copies/never.csv' }
    const tooLong = copyInParts({ s3 }, { from, to, size: bytes.byteLength + 9_000_000, wantsHash: true })
    expect((await refusalOf(tooLong)).details?.s3).toBe('InvalidArgument')
    expect(await uploadsUnderWay()).toBe(0)
    expect((await refusalOf(objects.info(to))).code).toBe('not_found')
  })

  it('ends when it is cancelled, and leaves nothing behind', async () => {
    const from = await original('copies/cancelled.csv')
    const to = { bucket: 'lab-a', key: 'copies/cancelled-copy.csv' }
    const cancelled = new AbortController()
    const copying = copyInParts(
      { s3 },
      { from, to, size: bytes.byteLength, wantsHash: true },
      { signal: cancelled.signal },
    )
    cancelled.abort()
    await expect(copying).rejects.toBeDefined()
    expect(await uploadsUnderWay()).toBe(0)
  })
})
