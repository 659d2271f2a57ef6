import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let client: S3Client
const Bucket = 'alpha'

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: [Bucket, 'empty'],
    roles: { scientist: { [Bucket]: 'READ_WRITE', empty: 'READ', gone: 'READ' } },
    users: { ada: ['scientist'] },
  })
  client = s3.client(s3.credentials('ada'))
  for (const key of ['a.txt', 'dir/1', 'dir/2', 'dir/sub/3', 'odd/a b+c', 'z'])
    await s3.store.put({ bucket: Bucket, key, body: Buffer.from(key) })
})
afterAll(() => s3.close())

describe('ListObjectsV2', () => {
  it('lists keys with size, etag and time', async () => {
    const { Contents, KeyCount, IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'dir/' }))
    expect([Contents?.map((object) => object.Key), KeyCount, IsTruncated]).toEqual([
      ['dir/1', 'dir/2', 'dir/sub/3'],
      3,
      false,
    ])
    expect(Contents?.[0]).toMatchObject({
      Size: 5,
      ETag: `"${s3.store.head(Bucket, 'dir/1')?.etag}"`,
      LastModified: s3.store.head(Bucket, 'dir/1')?.modified,
    })
  })

  it('rolls up folders', async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))
    expect(page.Contents?.map((object) => object.Key)).toEqual(['a.txt', 'z'])
    expect(page.CommonPrefixes?.map((prefix) => prefix.Prefix)).toEqual(['dir/', 'odd/'])
  })

  it('pages, and ends', async () => {
    const keys: unknown[] = []
    for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket }))
      keys.push(page.Contents?.map((object) => object.Key))
    expect(keys).toEqual([
      ['a.txt', 'dir/1'],
      ['dir/2', 'dir/sub/3'],
      ['odd/a b+c', 'z'],
    ])
  })

  it('starts after a key, and lists nothing for max-keys 0', async () => {
    const after = await client.send(new ListObjectsV2Command({ Bucket, StartAfter: 'dir/sub/3' }))
    expect(after.Contents?.map((object) => object.Key)).toEqual(['odd/a b+c', 'z'])
    const none = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))
    expect([none.Contents, none.IsTruncated]).toEqual([undefined, false])
  })

  it('encodes names when asked to', async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd/a b', EncodingType: 'url' }))
    expect([page.Contents?.[0]?.Key, page.Prefix]).toEqual(['odd/a%20b%2Bc', 'odd/a%20b'])
  })

  it('is empty for an empty bucket, and NoSuchBucket for one that is gone', async () => {
    expect((await client.send(new ListObjectsV2Command({ Bucket: 'empty' }))).KeyCount).toBe(0)
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'gone' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
  })

  it('refuses a continuation token it did not make', async () => {
    const forged = new ListObjectsV2Command({ Bucket, ContinuationToken: 'forged' })
    await expect(client.send(forged)).rejects.toMatchObject({ name: 'InvalidArgument' })
  })
})

describe('ListObjects', () => {
  it('pages by marker', async () => {
    const first = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/' }))
    expect([first.IsTruncated, first.NextMarker]).toEqual([true, 'dir/'])
    const second = await client.send(
      new ListObjectsCommand({ Bucket, MaxKeys: 2, Delimiter: '/', Marker: first.NextMarker }),
    )
    expect(second.CommonPrefixes?.map((prefix) => prefix.Prefix)).toEqual(['odd/'])
    expect(second.Contents?.map((object) => object.Key)).toEqual(['z'])
  })
})

describe('ListObjectVersions', () => {
  it('lists versions and delete markers, page by page', async () => {
    await s3.store.put({ bucket: Bucket, key: 'z', body: Buffer.from('second') })
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'z' }))
    const first = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'z', MaxKeys: 2 }))
    expect(first.DeleteMarkers).toMatchObject([{ Key: 'z', IsLatest: true }])
    expect(first.Versions).toMatchObject([{ Key: 'z', IsLatest: false, Size: 6 }])
    const second = await client.send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix: 'z',
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    )
    expect(second.Versions).toMatchObject([{ Key: 'z', Size: 1 }])
    expect(second.IsTruncated).toBe(false)
  })
})
