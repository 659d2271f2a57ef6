import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let ada: S3Client

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: ['reads', 'writes', 'foreign'],
    roles: { scientist: { reads: 'READ', writes: 'READ_WRITE' } },
    users: { ada: ['scientist'] },
  })
  ada = s3.client(s3.credentials('ada'))
})
afterAll(() => s3.close())

const oddKeys = [
  'plain.txt',
  'a b/c+d#e?f%g.txt',
  "it's (1)!*~_-.txt",
  'ключ/é.txt',
  '/lead/x',
  'dir//dbl',
  'trailing/',
  '../up/./and/../over',
  'quote"<&>\'amp.txt',
  '😀/\uFFFD',
]

describe('an object', () => {
  it.each(oddKeys)('is put, listed, described and read back: %s', async (Key) => {
    const Body = Buffer.from(`bytes of ${Key}`)
    const put = await ada.send(new PutObjectCommand({ Bucket: 'writes', Key, Body, ContentType: 'text/x-odd' }))
    const head = await ada.send(new HeadObjectCommand({ Bucket: 'writes', Key }))
    expect(head.ContentLength).toBe(Body.length)
    expect(head.VersionId).toBe(put.VersionId)
    const get = await ada.send(new GetObjectCommand({ Bucket: 'writes', Key }))
    expect(await get.Body?.transformToString()).toBe(`bytes of ${Key}`)
    expect(get.ContentType).toBe('text/x-odd')
    const list = await ada.send(new ListObjectsV2Command({ Bucket: 'writes', Prefix: Key }))
    expect(list.Contents?.map((object) => object.Key)).toContain(Key)
  })
})
