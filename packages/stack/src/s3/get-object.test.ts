import {
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoredVersion } from '../store/object-store.js'
import { createS3App } from './app.js'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let client: S3Client
let first: StoredVersion
let second: StoredVersion
const Bucket = 'alpha'
const Key = 'k'

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: [Bucket],
    roles: { scientist: { [Bucket]: 'READ_WRITE' } },
    users: { ada: ['scientist'] },
  })
  client = s3.client(s3.credentials('ada'))
  first = await s3.store.put({ bucket: Bucket, key: Key, body: Buffer.from('first') })
  second = await s3.store.put({ bucket: Bucket, key: Key, body: Buffer.from('0123456789'), sha256: true })
  await s3.store.put({ bucket: Bucket, key: 'empty', body: Buffer.from('') })
})
afterAll(() => s3.close())

const get = async (input: Partial<GetObjectCommandInput> = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ...input }))
  return { ...answer, text: await answer.Body?.transformToString() }
}

describe('GetObject', () => {
  it('reads the current version, or the named one', async () => {
    expect(await get()).toMatchObject({ text: '0123456789', VersionId: second.versionId })
    expect(await get({ VersionId: first.versionId })).toMatchObject({ text: 'first', VersionId: first.versionId })
  })

  it('reads an empty object', async () => {
    expect(await get({ Key: 'empty' })).toMatchObject({ text: '', ContentLength: 0 })
  })

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('reads the range %s', async (Range, text, ContentRange) => {
    expect(await get({ Range })).toMatchObject({ text, ContentRange, $metadata: { httpStatusCode: 206 } })
  })

  it.each(['bytes=4-2', 'lines=1-2', 'bytes=0-1,4-5'])('reads all when the range %s is not one', async (Range) => {
    expect(await get({ Range })).toMatchObject({ text: '0123456789', $metadata: { httpStatusCode: 200 } })
  })

  it('refuses a range after the end', async () => {
    await expect(get({ Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
    await expect(get({ Key: 'empty', Range: 'bytes=0-0' })).rejects.toMatchObject({ name: 'InvalidRange' })
  })

  it('keeps to conditions', async () => {
    const ETag = `"${second.etag}"`
    expect((await get({ IfMatch: ETag })).text).toBe('0123456789')
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    const [later, earlier] = [new Date(Date.now() + 3_600_000), new Date(0)]
    await expect(get({ IfModifiedSince: later })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    expect((await get({ IfModifiedSince: earlier })).text).toBe('0123456789')
    await expect(get({ IfUnmodifiedSince: earlier })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  })

  it('says the checksum when asked, and not for a range', async () => {
    const sha256 = second.checksumSha256
    expect(await get({ ChecksumMode: 'ENABLED' })).toMatchObject({
      ChecksumSHA256: sha256,
      ChecksumType: 'FULL_OBJECT',
    })
    expect((await get({ ChecksumMode: 'ENABLED', Range: 'bytes=0-1' })).ChecksumSHA256).toBeUndefined()
  })

  it('answers NoSuchKey, NoSuchVersion, and InvalidArgument for what is no version id', async () => {
    await expect(get({ Key: 'missing' })).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get({ VersionId: 'null' })).rejects.toMatchObject({ name: 'NoSuchVersion' })
    await expect(get({ VersionId: 'no version' })).rejects.toMatchObject({ name: 'InvalidArgument' })
  })

  it('answers a delete marker as S3 does: NoSuchKey, or MethodNotAllowed when it is named', async () => {
    await s3.store.put({ bucket: Bucket, key: 'gone', body: Buffer.from('x') })
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
    await expect(get({ Key: 'gone' })).rejects.toMatchObject({ name: 'NoSuchKey' })
    await expect(get({ Key: 'gone', VersionId })).rejects.toMatchObject({ name: 'MethodNotAllowed' })
  })

  it('can be left in the middle', async () => {
    await s3.store.put({ bucket: Bucket, key: 'large', body: Buffer.alloc(8 * 1024 * 1024) })
    const abort = new AbortController()
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'large' }), { abortSignal: abort.signal })
    abort.abort()
    await expect(answer.Body?.transformToByteArray()).rejects.toThrow()
    expect((await get()).text).toBe('0123456789')
    expect(s3.defects).toEqual([])
  })
})

describe('a reader who leaves while bytes are on their way', () => {
  it('is no defect', async () => {
    await s3.store.put({ bucket: Bucket, key: 'large', body: Buffer.alloc(8 * 1024 * 1024) })
    const defects: unknown[] = []
    const app = createS3App({ ...s3, onDefect: (error) => defects.push(error) })
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'large' }))
    const { body } = await app.fetch(new Request(url, { headers: { host: new URL(url).host } }))
    const reader = body?.getReader()
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
    const onItsWay = reader?.read()
    await reader?.cancel()
    expect(await onItsWay).toEqual({ done: true, value: undefined })
    await new Promise((resolve) => setImmediate(resolve))
    expect(defects).toEqual([])
  })
})

describe('an object whose bytes on disk are damaged', () => {
  it('breaks the answer off, and is told as a defect', async () => {
    await s3.store.put({ bucket: Bucket, key: 'damaged', body: Buffer.alloc(9 * 1024 * 1024) })
    s3.damage()
    const answer = client.send(new GetObjectCommand({ Bucket, Key: 'damaged' }))
    await expect(answer.then((got) => got.Body?.transformToByteArray())).rejects.toThrow()
    expect(s3.defects).toMatchObject([{ code: 'InternalError' }])
    expect((await get()).text).toBe('0123456789')
  })
})

describe('HeadObject', () => {
  it('describes without bytes', async () => {
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({
      ContentLength: 10,
      ContentType: 'application/octet-stream',
      ETag: `"${second.etag}"`,
      VersionId: second.versionId,
      ChecksumSHA256: second.checksumSha256,
      LastModified: new Date(Math.floor(second.modified.getTime() / 1000) * 1000),
    })
  })

  it('answers 404 for a key that is not there', async () => {
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    })
  })
})

describe('GetObjectAttributes', () => {
  it('says size, etag and checksum', async () => {
    const ObjectAttributes = ['ETag' as const, 'Checksum' as const, 'ObjectParts' as const, 'ObjectSize' as const]
    const answer = await client.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes }))
    expect(answer).toMatchObject({
      ETag: second.etag,
      Checksum: { ChecksumSHA256: second.checksumSha256, ChecksumType: 'FULL_OBJECT' },
      ObjectSize: 10,
      VersionId: second.versionId,
    })
    expect(answer.ObjectParts).toBeUndefined()
  })
})
