import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let client: S3Client
const Bucket = 'alpha'

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: [Bucket, 'source'],
    roles: { scientist: { [Bucket]: 'READ_WRITE', source: 'READ' } },
    users: { ada: ['scientist'] },
  })
  client = s3.client(s3.credentials('ada'))
})
afterAll(() => s3.close())

const put = (input: Partial<PutObjectCommandInput>) => client.send(new PutObjectCommand({ Bucket, Key: 'k', ...input }))
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')

describe('PutObject', () => {
  it('by a presigned URL refuses metadata that no header can hold, and stores nothing', async () => {
    for (const Metadata of [{ note: 'ключ' }, { note: 'a\r\nb: c' }, { 'a b': 'c' }]) {
      const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'odd', Metadata }))
      const answer = await fetch(url, { method: 'PUT', body: '' })
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('InvalidArgument')])
    }
    expect(s3.store.head(Bucket, 'odd')).toBeUndefined()
  })

  it('keeps type, metadata and headers', async () => {
    await put({
      Body: 'hello',
      ContentType: 'text/csv',
      ContentEncoding: 'identity',
      CacheControl: 'max-age=60',
      ContentDisposition: 'inline',
      Metadata: { Origin: 'a  test', empty: '' },
    })
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).toMatchObject({
      ContentType: 'text/csv',
      ContentEncoding: 'identity',
      CacheControl: 'max-age=60',
      ContentDisposition: 'inline',
      Metadata: { origin: 'a  test' },
    })
  })

  it.each(
    Object.values(ChecksumAlgorithm).filter((name) => ['CRC32', 'CRC32C', 'SHA1', 'SHA256'].includes(name)),
  )('verifies and repeats %s', async (ChecksumAlgorithm) => {
    const answer = await put({ Body: 'hello', ChecksumAlgorithm })
    expect(answer[`Checksum${ChecksumAlgorithm}` as keyof typeof answer]).toMatch(/=$/)
  })

  it.each([
    'CRC32',
    'CRC32C',
    'SHA256',
  ] as const)('decodes a streamed body with %s in its trailer', async (ChecksumAlgorithm) => {
    const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(10_000, n))
    const size = 400_000
    await put({ Key: 'streamed', Body: Readable.from(pieces), ContentLength: size, ChecksumAlgorithm })
    const get = await client.send(new GetObjectCommand({ Bucket, Key: 'streamed' }))
    const read = Buffer.from((await get.Body?.transformToByteArray()) ?? [])
    expect(read.equals(Buffer.concat(pieces))).toBe(true)
    expect(get.ContentEncoding).toBeUndefined()
  })

  it('verifies CRC64NVME', async () => {
    const put9 = (ChecksumCRC64NVME: string) => put({ Key: 'crc64', Body: '123456789', ChecksumCRC64NVME })
    expect((await put9('rosUhgp5mIg=')).ChecksumCRC64NVME).toBe('rosUhgp5mIg=')
    await expect(put9('AAAAAAAAAAA=')).rejects.toMatchObject({ name: 'BadDigest' })
  })

  it('keeps the SHA-256 that was sent', async () => {
    await put({ Key: 'sha', Body: 'hello', ChecksumAlgorithm: 'SHA256' })
    expect(s3.store.head(Bucket, 'sha')?.checksumSha256).toBe(sha256('hello'))
  })

  it('refuses with BadDigest, and stores nothing, when a checksum or MD5 is wrong', async () => {
    const wrong = [
      { ChecksumSHA256: sha256('other') },
      { ChecksumCRC32: 'AAAAAA==' },
      { ContentMD5: createHash('md5').update('other').digest('base64') },
    ]
    for (const input of wrong)
      await expect(put({ Key: 'wrong', Body: 'hello', ...input })).rejects.toMatchObject({ name: 'BadDigest' })
    expect(s3.store.head(Bucket, 'wrong')).toBeUndefined()
  })

  it('writes only under the conditions given', async () => {
    const { ETag } = await put({ Key: 'once', Body: '1', IfNoneMatch: '*' })
    await expect(put({ Key: 'once', Body: '2', IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await expect(put({ Key: 'once', Body: '2', IfMatch: '"other"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    })
    await put({ Key: 'once', Body: '2', IfMatch: ETag })
  })

  it('stores nothing when the connection ends in the middle of the body', async () => {
    const plain = s3.client(s3.credentials('ada'))
    plain.config.requestChecksumCalculation = () => Promise.resolve('WHEN_REQUIRED')
    const url = new URL(await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: 'torn' })))
    const answered = (await s3.statuses()).length
    const socket = connect(Number(url.port), url.hostname)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const head = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: 1000\r\n\r\n`
    socket.resume()
    socket.end(`${head}only this`)
    await closed
    expect((await s3.statuses()).slice(answered)).toEqual([400])
    expect(s3.store.head(Bucket, 'torn')).toBeUndefined()
  })
})

describe('CopyObject', () => {
  it('copies a version of another bucket, with its type and metadata', async () => {
    const key = "it's (1) + ключ?.txt"
    const old = await s3.store.put({
      bucket: 'source',
      key,
      body: Buffer.from('old'),
      contentType: 'text/x-old',
      metadata: { note: 'kept' },
    })
    await s3.store.put({ bucket: 'source', key, body: Buffer.from('new') })
    const CopySource = `source/${encodeURIComponent(key)}?versionId=${old.versionId}`
    const copy = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ChecksumAlgorithm: 'SHA256' }),
    )
    expect(copy).toMatchObject({
      CopyObjectResult: { ETag: `"${old.etag}"`, ChecksumSHA256: sha256('old') },
      CopySourceVersionId: old.versionId,
    })
    const get = await client.send(new GetObjectCommand({ Bucket, Key: 'copy' }))
    expect(await get.Body?.transformToString()).toBe('old')
    expect(get).toMatchObject({ ContentType: 'text/x-old', Metadata: { note: 'kept' }, VersionId: copy.VersionId })
  })

  it('replaces metadata when told to, and keeps to its conditions', async () => {
    const source = await s3.store.put({ bucket: 'source', key: 's', body: Buffer.from('x'), metadata: { a: '1' } })
    const place = { Bucket, Key: 'copy', CopySource: '/source/s' }
    await client.send(new CopyObjectCommand({ ...place, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }))
    expect(s3.store.head(Bucket, 'copy')?.metadata).toEqual({ b: '2' })
    const other = client.send(new CopyObjectCommand({ ...place, CopySourceIfMatch: '"other"' }))
    await expect(other).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await client.send(new CopyObjectCommand({ ...place, CopySourceIfMatch: `"${source.etag}"` }))
  })

  it('answers NoSuchKey for a source that is not there', async () => {
    const copy = client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: 'source/missing' }))
    await expect(copy).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('DeleteObject and DeleteObjects', () => {
  it('write a marker, or remove the named version for good', async () => {
    const { VersionId } = await put({ Key: 'd', Body: 'x' })
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'd' }))
    expect(marker.DeleteMarker).toBe(true)
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'd', VersionId: marker.VersionId }))
    expect(s3.store.head(Bucket, 'd')?.versionId).toBe(VersionId)
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'd', VersionId }))
    expect(s3.store.head(Bucket, 'd')).toBeUndefined()
  })

  it('delete many, with odd names, and say what each became', async () => {
    const keys = ['m 1', 'm<2>&"', 'm/\u0001', ' lead and trail ', '003']
    for (const key of keys) await s3.store.put({ bucket: Bucket, key, body: Buffer.from('x') })
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    )
    expect(answer.Deleted?.map((deleted) => [deleted.Key, deleted.DeleteMarker])).toEqual(
      keys.map((key) => [key, true]),
    )
    expect(keys.map((key) => s3.store.head(Bucket, key)?.deleteMarker)).toEqual(keys.map(() => true))
  })

  it('refuse XML that is none', async () => {
    const none = client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [] } }))
    await expect(none).rejects.toMatchObject({ name: 'MalformedXML' })
  })
})
