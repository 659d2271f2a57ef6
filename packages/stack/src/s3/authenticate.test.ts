import { createHmac } from 'node:crypto'
import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IssuedCredentials } from '../identity/principal.js'
import { type Loopback, startLoopback } from './test/loopback.js'

let s3: Loopback
let ada: IssuedCredentials

const Bucket = 'writes'
const Key = "a b/c+d#e?f%g (1)'!*.txt"

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: ['writes'],
    roles: { scientist: { writes: 'READ_WRITE' } },
    users: { ada: ['scientist'] },
  })
  ada = s3.credentials('ada')
  await s3.client(ada).send(new PutObjectCommand({ Bucket, Key, Body: 'signed' }))
})
afterAll(() => s3.close())

const list = (credentials: Pick<IssuedCredentials, 'accessKeyId' | 'secretAccessKey'> & { sessionToken?: string }) =>
  new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 }).send(
    new ListObjectsV2Command({ Bucket }),
  )

describe('a signed request', () => {
  it('is refused with SignatureDoesNotMatch when the secret is wrong', async () => {
    await expect(list({ ...ada, secretAccessKey: 'wrong' })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403, requestId: expect.stringMatching(/^[0-9A-F]{16}$/) },
    })
  })

  it('is refused with InvalidAccessKeyId when the key id was never issued', async () => {
    await expect(list({ ...ada, accessKeyId: 'AKIAUNKNOWN' })).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
  })

  it("is refused with InvalidToken without the session token, or with another's", async () => {
    const { accessKeyId, secretAccessKey } = ada
    await expect(list({ accessKeyId, secretAccessKey })).rejects.toMatchObject({ name: 'InvalidToken' })
    const other = s3.credentials('ada').sessionToken
    await expect(list({ ...ada, sessionToken: other })).rejects.toMatchObject({ name: 'InvalidToken' })
  })

  it('is refused with ExpiredToken once its credentials died', async () => {
    await expect(list(s3.credentials('ada', { seconds: -1 }))).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('is refused with RequestTimeTooSkewed when its clock is 16 minutes off', async () => {
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: ada,
      maxAttempts: 1,
      systemClockOffset: -16 * 60 * 1000,
    })
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
    })
  })

  it('is refused, and stores nothing, when the body is not the signed one', async () => {
    const client = s3.client(ada)
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: 'forged' })
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await expect(
      client.send(new PutObjectCommand({ Bucket, Key: 'forged', Body: 'honest', ContentLength: 6 })),
    ).rejects.toMatchObject({ name: expect.stringMatching(/^(XAmzContentSHA256Mismatch|BadDigest)$/) })
    expect(s3.store.head(Bucket, 'forged')).toBeUndefined()
  })

  it('answers a refused HEAD without a body', async () => {
    const client = s3.client({ ...ada, secretAccessKey: 'wrong' })
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    })
  })

  it('survives a refused upload of 20 MiB', async () => {
    const client = s3.client({ ...ada, secretAccessKey: 'wrong' })
    const put = client.send(new PutObjectCommand({ Bucket, Key: 'refused', Body: Buffer.alloc(20 * 1024 * 1024) }))
    await expect(put).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })
})

describe('a request without credentials', () => {
  it('is refused with AccessDenied, in the form of S3', async () => {
    const response = await fetch(`${s3.endpoint}/${Bucket}?list-type=2`)
    expect([response.status, response.headers.get('content-type')]).toEqual([403, 'application/xml'])
    const requestId = response.headers.get('x-amz-request-id')
    expect(await response.text()).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><Resource>/${Bucket}</Resource><RequestId>${requestId}</RequestId></Error>`,
    )
  })
})

describe('a presigned URL', () => {
  it('reads, describes and writes', async () => {
    const client = s3.client(ada)
    const get = await fetch(await getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60 }))
    expect(await get.text()).toBe('signed')
    const head = await fetch(await getSignedUrl(client, new HeadObjectCommand({ Bucket, Key })), { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('6')
    const plain = new S3Client({
      endpoint: s3.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: ada,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
    const url = await getSignedUrl(plain, new PutObjectCommand({ Bucket, Key: 'put by url' }), { expiresIn: 60 })
    expect((await fetch(url, { method: 'PUT', body: 'by url' })).status).toBe(200)
    expect(s3.store.head(Bucket, 'put by url')?.size).toBe(6)
  })

  it('names type and disposition of what it answers', async () => {
    const command = new GetObjectCommand({
      Bucket,
      Key,
      ResponseContentType: 'text/x-odd',
      ResponseContentDisposition: 'attachment; filename="a b.txt"',
    })
    const response = await fetch(await getSignedUrl(s3.client(ada), command))
    expect([response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
      'text/x-odd',
      'attachment; filename="a b.txt"',
    ])
  })

  it('is refused for another method, another key, and with a header that was not signed', async () => {
    const url = await getSignedUrl(s3.client(ada), new GetObjectCommand({ Bucket, Key }))
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403)
    expect((await fetch(url.replace('.txt?', '.csv?'))).status).toBe(403)
    const added = await fetch(url, { headers: { 'x-amz-meta-note': 'added' } })
    expect([added.status, await added.text()]).toEqual([403, expect.stringContaining('not signed')])
  })

  it('is refused once it expired', async () => {
    const client = s3.client(ada)
    const signingDate = new Date(Date.now() - 61_000)
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: 60, signingDate })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('Request has expired')])
  })
})

describe('a presigned URL of Signature Version 2', () => {
  const signed = (options: { readonly secret?: string; readonly expires?: number; readonly token?: string } = {}) => {
    const { secret = ada.secretAccessKey, token = ada.sessionToken } = options
    const expires = options.expires ?? Math.floor(Date.now() / 1000) + 60
    const path = `/${Bucket}/${encodeURIComponent('a b/c+d#e?f%g (1)').replaceAll('%2F', '/')}'!*.txt`
    const toSign = `GET\n\n\n${expires}\nx-amz-security-token:${token}\n${path}`
    const query = new URLSearchParams({
      AWSAccessKeyId: ada.accessKeyId,
      Signature: createHmac('sha1', secret).update(toSign).digest('base64'),
      Expires: String(expires),
      'x-amz-security-token': token,
    })
    return fetch(`${s3.endpoint}${path}?${query}`)
  }

  it('reads an object', async () => {
    expect(await (await signed()).text()).toBe('signed')
  })

  it('is refused with a wrong secret, when it expired, and with a wrong session token', async () => {
    const answers = [signed({ secret: 'wrong' }), signed({ expires: 1 }), signed({ token: 'wrong' })]
    expect(
      await Promise.all(answers.map(async (answer) => /<Code>(.*)<\/Code>/.exec(await (await answer).text())?.[1])),
    ).toEqual(['SignatureDoesNotMatch', 'AccessDenied', 'InvalidToken'])
  })
})
