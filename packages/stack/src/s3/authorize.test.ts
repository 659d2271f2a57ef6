import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let ada: S3Client
let bob: S3Client
let admin: S3Client

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: ['reads', 'writes', 'foreign'],
    roles: { scientist: { reads: 'READ', writes: 'READ_WRITE' }, other: { foreign: 'READ_WRITE' } },
    users: { ada: ['scientist'], bob: ['other'], admin: ['scientist'] },
  })
  ada = s3.client(s3.credentials('ada'))
  bob = s3.client(s3.credentials('bob'))
  admin = s3.client(s3.credentials('admin'))
  await s3.store.put({ bucket: 'reads', key: 'k', body: Buffer.from('read me') })
  await bob.send(new PutObjectCommand({ Bucket: 'foreign', Key: 'k', Body: 'secret' }))
})
afterAll(() => s3.close())

const denied = { $metadata: { httpStatusCode: 403 } }

const reads = (Bucket: string) =>
  [
    new HeadBucketCommand({ Bucket }),
    new GetBucketLocationCommand({ Bucket }),
    new GetBucketVersioningCommand({ Bucket }),
    new ListObjectsV2Command({ Bucket }),
    new ListObjectsCommand({ Bucket }),
    new ListObjectVersionsCommand({ Bucket }),
    new ListMultipartUploadsCommand({ Bucket }),
    new GetObjectCommand({ Bucket, Key: 'k' }),
    new HeadObjectCommand({ Bucket, Key: 'k' }),
    new GetObjectAttributesCommand({ Bucket, Key: 'k', ObjectAttributes: ['ObjectSize'] }),
  ] as Parameters<S3Client['send']>[0][]

const writes = (Bucket: string) =>
  [
    new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }),
    new CopyObjectCommand({ Bucket, Key: 'k', CopySource: 'writes/k' }),
    new DeleteObjectCommand({ Bucket, Key: 'k' }),
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }] } }),
    new CreateMultipartUploadCommand({ Bucket, Key: 'k' }),
    new UploadPartCommand({ Bucket, Key: 'k', UploadId: 'u', PartNumber: 1, Body: 'x' }),
  ] as Parameters<S3Client['send']>[0][]

const nameOf = (command: object) => command.constructor.name

describe('a role', () => {
  it.each(
    reads('reads').map((command) => [nameOf(command), command] as const),
  )('with READ may %s', async (_, command) => {
    expect((await ada.send(command)).$metadata.httpStatusCode).toBe(200)
  })

  it.each(
    writes('reads').map((command) => [nameOf(command), command] as const),
  )('with READ may not %s', async (_, command) => {
    await expect(ada.send(command)).rejects.toMatchObject({ name: 'AccessDenied', ...denied })
  })

  it.each(
    [...reads('foreign'), ...writes('foreign'), ...reads('missing-one')].map((c) => [nameOf(c), c] as const),
  )('without a permission may not %s, whether the bucket exists or not', async (_, command) => {
    await expect(ada.send(command)).rejects.toMatchObject(denied)
  })

  it('sees only its own buckets', async () => {
    expect((await ada.send(new ListBucketsCommand())).Buckets?.map((bucket) => bucket.Name)).toEqual([
      'reads',
      'writes',
    ])
    expect((await bob.send(new ListBucketsCommand())).Buckets?.map((bucket) => bucket.Name)).toEqual(['foreign'])
  })

  it('copies only from where it may read', async () => {
    const copy = ada.send(new CopyObjectCommand({ Bucket: 'writes', Key: 'stolen', CopySource: 'foreign/k' }))
    await expect(copy).rejects.toMatchObject({ name: 'AccessDenied' })
    const place = { Bucket: 'writes', Key: 'stolen' }
    const { UploadId } = await ada.send(new CreateMultipartUploadCommand(place))
    const part = { ...place, UploadId, PartNumber: 1, CopySource: '/foreign/k' }
    await expect(ada.send(new UploadPartCopyCommand(part))).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it("cannot write into another bucket's upload by its id", async () => {
    const { UploadId } = await bob.send(new CreateMultipartUploadCommand({ Bucket: 'foreign', Key: 'k' }))
    const part = ada.send(new UploadPartCommand({ Bucket: 'writes', Key: 'k', UploadId, PartNumber: 1, Body: 'x' }))
    await expect(part).rejects.toMatchObject({ name: 'NoSuchUpload' })
  })
})

describe('CreateBucket', () => {
  it('is for admins only', async () => {
    await expect(ada.send(new CreateBucketCommand({ Bucket: 'new-one' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    await admin.send(new CreateBucketCommand({ Bucket: 'new-one' }))
    expect(s3.store.hasBucket('new-one')).toBe(true)
    await expect(admin.send(new CreateBucketCommand({ Bucket: 'new-one' }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    })
    await expect(admin.send(new CreateBucketCommand({ Bucket: 'Not_A_Name' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    })
  })
})
