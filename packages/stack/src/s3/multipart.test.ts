import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let client: S3Client
const Bucket = 'alpha'
const mebibyte = 1024 * 1024
const partBytes = 8 * mebibyte

/** 20 MiB of bytes 0 to 255, repeated: the vector of formats.md 4.2. */
const content = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
  .toString('latin1')
  .repeat(20 * 4096)
const bytes = Buffer.from(content, 'latin1')
const chunkedSha256 = 'jlOQJudio7Gr8QqPvEra/UYL7VVPPIwcyf0baj1gbyw='

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: [Bucket],
    roles: { scientist: { [Bucket]: 'READ_WRITE' } },
    users: { ada: ['scientist'] },
  })
  client = s3.client(s3.credentials('ada'))
})
afterAll(() => s3.close())

const partsOf = (body: Buffer) =>
  Array.from({ length: Math.ceil(body.length / partBytes) }, (_, n) =>
    body.subarray(n * partBytes, (n + 1) * partBytes),
  )

async function uploaded(Key: string, UploadId: string | undefined) {
  const parts = []
  for (const [n, Body] of partsOf(bytes).entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: n + 1 }
    const { ETag, ChecksumSHA256 } = await client.send(
      new UploadPartCommand({ ...part, Body, ChecksumAlgorithm: 'SHA256' }),
    )
    parts.push({ PartNumber: n + 1, ETag, ChecksumSHA256 })
  }
  return parts
}

describe('a multipart upload with SHA-256', () => {
  const Key = 'big file.bin'

  it('becomes an object whose checksum is the one that Quilt computes from the bytes', async () => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }),
    )
    const Parts = await uploaded(Key, UploadId)
    const done = await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    )
    expect(done).toMatchObject({ ChecksumSHA256: `${chunkedSha256}-3`, ChecksumType: 'COMPOSITE', Key })
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(head).toMatchObject({ ContentLength: 20 * mebibyte, ChecksumSHA256: `${chunkedSha256}-3`, ETag: done.ETag })
  })

  it('reads back whole, across parts, and part by part', async () => {
    const whole = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    const md5 = createHash('md5')
      .update((await whole.Body?.transformToByteArray()) ?? '')
      .digest('hex')
    expect(md5).toBe(createHash('md5').update(bytes).digest('hex'))
    const across = await client.send(
      new GetObjectCommand({ Bucket, Key, Range: `bytes=${partBytes - 3}-${partBytes + 2}` }),
    )
    expect([...((await across.Body?.transformToByteArray()) ?? [])]).toEqual([253, 254, 255, 0, 1, 2])
    const last = await client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 }))
    expect([last.ContentLength, last.PartsCount]).toEqual([4 * mebibyte, 3])
    await last.Body?.transformToByteArray()
  })

  it('says the size and checksum of its parts', async () => {
    const ObjectAttributes = ['Checksum' as const, 'ObjectParts' as const, 'ObjectSize' as const]
    const answer = await client.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes, MaxParts: 2 }))
    expect(answer.Checksum).toEqual({ ChecksumSHA256: chunkedSha256, ChecksumType: 'COMPOSITE' })
    expect(answer.ObjectParts).toMatchObject({ TotalPartsCount: 3, IsTruncated: true, NextPartNumberMarker: '2' })
    expect(answer.ObjectParts?.Parts?.map((part) => [part.PartNumber, part.Size])).toEqual([
      [1, partBytes],
      [2, partBytes],
    ])
  })

  it('needs the checksum of each part to be completed', async () => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'SHA256' }),
    )
    const upload = { Bucket, Key, UploadId }
    const part = { ...upload, PartNumber: 1, Body: 'x' }
    const { ETag } = await client.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA256' }))
    const complete = (ChecksumSHA256?: string) =>
      client.send(
        new CompleteMultipartUploadCommand({
          ...upload,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256 }] },
        }),
      )
    await expect(complete()).rejects.toMatchObject({ name: 'InvalidRequest' })
    await expect(complete('AAAA')).rejects.toMatchObject({ name: 'InvalidPart' })
    await client.send(new AbortMultipartUploadCommand(upload))
  })
})

describe('UploadPartCopy', () => {
  it('copies ranges of an object on the server', async () => {
    const source = await s3.store.put({ bucket: Bucket, key: 'source', body: bytes })
    const upload = { Bucket, Key: 'copied', UploadId: '' }
    const { UploadId = '' } = await client.send(
      new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: 'SHA256', ContentType: 'text/x-big' }),
    )
    const CopySource = `${Bucket}/source?versionId=${source.versionId}`
    const Parts = []
    for (let n = 0; n * partBytes < bytes.length; n += 1) {
      const CopySourceRange = `bytes=${n * partBytes}-${Math.min((n + 1) * partBytes, bytes.length) - 1}`
      const { CopyPartResult } = await client.send(
        new UploadPartCopyCommand({ ...upload, UploadId, PartNumber: n + 1, CopySource, CopySourceRange }),
      )
      Parts.push({ PartNumber: n + 1, ETag: CopyPartResult?.ETag, ChecksumSHA256: CopyPartResult?.ChecksumSHA256 })
    }
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }),
    )
    expect(done.ChecksumSHA256).toBe(`${chunkedSha256}-3`)
    expect(s3.store.head(Bucket, 'copied')).toMatchObject({ size: bytes.length, contentType: 'text/x-big' })
  })
})

describe('uploads and parts', () => {
  it('are listed until the upload ends', async () => {
    const upload = { Bucket, Key: 'listed/é', UploadId: '' }
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: upload.Key }))
    for (const PartNumber of [1, 2, 3])
      await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: `part ${PartNumber}` }))
    const uploads = () => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'listed/' }))
    expect((await uploads()).Uploads).toMatchObject([{ Key: upload.Key, UploadId }])
    const page = await client.send(new ListPartsCommand({ ...upload, UploadId, MaxParts: 2 }))
    expect([page.IsTruncated, page.NextPartNumberMarker, page.Parts?.length]).toEqual([true, '2', 2])
    const rest = await client.send(new ListPartsCommand({ ...upload, UploadId, PartNumberMarker: '2' }))
    expect(rest.Parts).toMatchObject([{ PartNumber: 3, Size: 6 }])
    await client.send(new AbortMultipartUploadCommand({ ...upload, UploadId }))
    expect((await uploads()).Uploads).toBeUndefined()
    await expect(client.send(new ListPartsCommand({ ...upload, UploadId }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    })
  })
})
