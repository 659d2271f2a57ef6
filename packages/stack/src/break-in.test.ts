// Grace tries to get at what is Ada's, by every door of the stack. tenants.test.ts has the plain ways; here are the crooked ones.
import { request } from 'node:http'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aRegistry, helloHash, type TestRegistry } from './graphql/test/registry.js'
import { presignedUrl } from './rest/presign.js'

let world: TestRegistry
let ada: S3Client
let grace: S3Client
let versionId: string
const secret = { Bucket: 'lab-a', Key: 'raw/file' }
const denied = { name: 'AccessDenied' }
const graceRole = { 'lab-b': 'READ_WRITE' } as const

beforeAll(async () => {
  world = await aRegistry()
  versionId = await world.put(world.ada, secret.Bucket, secret.Key, 'hers')
  await world.construct(world.ada, { bucket: 'lab-a', name: 'ns/pkg' }, [
    { logicalKey: 'file', physicalKey: 's3://lab-a/raw/file' },
  ])
  ada = await world.s3(world.ada)
  grace = await world.s3(world.grace)
})
afterAll(() => world.close())

/** Sends a path exactly as it is: fetch would take `..` out. */
const rawGet = (path: string) =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(world.stack.s3Endpoint)
    request({ hostname, port, path }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode, body }))
    })
      .on('error', reject)
      .end()
  })

describe('GraphQL', () => {
  it('hides as much behind aliases and fragments as without them', async () => {
    const query = `query { own: bucket(name: "lab-b") { ...b } other: bucket(name: "lab-a") { ...b }
      p1: package(bucket: "lab-a", name: "ns/pkg") { ...p } p2: packages(bucket: "lab-a") { page { ...p } } }
      fragment b on Bucket { name title } fragment p on Package { name revision { file(path: "file") { physicalKey } } }`
    expect(await world.graphql(world.grace, query)).toEqual({
      own: { name: 'lab-b', title: 'lab-b' },
      other: null,
      p1: null,
      p2: null,
    })
  })

  it('checks every mutation of a request by itself', async () => {
    const query = `mutation {
      own: packageConstruct(params: { bucket: "lab-b", name: "a/b" }, src: { entries: [] }) { __typename }
      other: packageConstruct(params: { bucket: "lab-a", name: "a/b" }, src: { entries: [] }) { ... on OperationError { name } }
      wipe: packageRevisionDelete(bucket: "lab-a", name: "ns/pkg", hash: "latest") { ... on OperationError { name } } }`
    expect(await world.graphql(world.grace, query)).toEqual({
      own: { __typename: 'PackagePushSuccess' },
      other: { name: 'Forbidden' },
      wipe: { name: 'QuiltException' },
    })
  })

  it('takes neither batches nor GET', async () => {
    const batch = JSON.stringify([{ query: '{ me { name } }' }, { query: '{ buckets { name } }' }])
    expect((await world.call('/graphql', { method: 'POST', token: world.ada, body: batch })).status).toBe(400)
    expect((await world.call('/graphql?query={me{name}}', { token: world.ada })).status).toBe(404)
  })
})

describe('browsing', () => {
  it('of an own package whose entry names another tenant’s object leads to a refusal', async () => {
    const physicalKey = `s3://lab-a/raw/file?versionId=${versionId}`
    await world.construct(world.grace, { bucket: 'lab-b', name: 'grace/steals' }, [
      { logicalKey: 'file', physicalKey, hash: helloHash, size: 4 },
    ])
    const session = await world.field(
      world.grace,
      'mutation { browsingSessionCreate(scope: "quilt+s3://lab-b#package=grace/steals") { ... on BrowsingSession { id } } }',
    )
    const { id } = z.object({ id: z.string() }).parse(session)
    const answer = await world.call(`/browse/${id}/file`, { token: world.grace })
    const file = await fetch(answer.headers.get('location') ?? '')
    expect([answer.status, file.status, await file.text()]).toEqual([307, 403, expect.not.stringContaining('hers')])
    expect((await world.call(`/browse/${id}/..%2f..%2flab-a%2fraw%2ffile`, { token: world.grace })).status).toBe(404)
  })
})

describe('S3', () => {
  it.each([
    ['lab-a/raw/file', 'AccessDenied'],
    ['/lab-a/raw/file', 'AccessDenied'],
    ['lab%2Da/raw/file', 'AccessDenied'],
    ['lab-b%2F..%2Flab-a/raw/file', 'AccessDenied'],
    ['lab-b/../lab-a/raw/file', 'NoSuchKey'],
    ['lab-b/..%2Flab-a/raw/file', 'NoSuchKey'],
  ])('copies nothing from %s', async (CopySource, name) => {
    const copy = new CopyObjectCommand({ Bucket: 'lab-b', Key: 'stolen', CopySource })
    await expect(grace.send(copy)).rejects.toMatchObject({ name })
  })

  it.each([
    [(path: string) => path, 404],
    [(path: string) => path.replace('..', '%2e%2e'), 404],
    [(path: string) => path.replace('/../', '%2f..%2f'), 403],
    [(path: string) => path.replace('/../', '/..%2F'), 404],
    [(path: string) => path.replace('/lab-b/..', ''), 403],
    [(path: string) => path.replace('/lab-b/..', '/'), 403],
  ])('leads no path out of the bucket (%s)', async (twist, status) => {
    const credentials = await grace.config.credentials()
    const url = presignedUrl({
      method: 'GET',
      endpoint: world.stack.s3Endpoint,
      bucket: 'lab-b',
      key: '../lab-a/raw/file',
      credentials: { sessionToken: '', ...credentials, expires: new Date() },
      seconds: 60,
      now: new Date(),
    })
    const answer = await rawGet(twist(url.slice(world.stack.s3Endpoint.length)))
    expect([answer.status, answer.body]).toEqual([status, expect.not.stringContaining('hers')])
  })

  it('does not take a presigned URL for another object, bucket or signer', async () => {
    const hers = await getSignedUrl(ada, new GetObjectCommand(secret))
    expect(await (await fetch(hers)).text()).toBe('hers')
    const own = await getSignedUrl(grace, new GetObjectCommand({ ...secret, Bucket: 'lab-b' }))
    const signer = /X-Amz-Credential=[^&]+/
    for (const forged of [
      own.replace('/lab-b/', '/lab-a/'),
      hers.replace('raw/file', 'raw/other'),
      hers.replace(signer, signer.exec(own)?.[0] ?? ''),
      `${hers}&versionId=${versionId}`,
      hers.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'),
    ])
      expect((await fetch(forged)).status).toBe(403)
    expect((await fetch(await getSignedUrl(grace, new GetObjectCommand(secret)))).status).toBe(403)
  })

  it('keeps an upload to the bucket and key it was begun for, whoever knows its id', async () => {
    const { UploadId } = await ada.send(new CreateMultipartUploadCommand(secret))
    const { ETag } = await ada.send(new UploadPartCommand({ ...secret, UploadId, PartNumber: 1, Body: 'hers, too' }))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    for (const [place, refusal] of [
      [secret, denied],
      [{ ...secret, Bucket: 'lab-b' }, { name: 'NoSuchUpload' }],
    ] as const) {
      const upload = { ...place, UploadId }
      const part = new UploadPartCommand({ ...upload, PartNumber: 1, Body: 'mine' })
      await expect(grace.send(part)).rejects.toMatchObject(refusal)
      await expect(grace.send(new ListPartsCommand(upload))).rejects.toMatchObject(refusal)
      const complete = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload })
      await expect(grace.send(complete)).rejects.toMatchObject(refusal)
      await expect(grace.send(new AbortMultipartUploadCommand(upload))).rejects.toMatchObject(refusal)
    }
    expect((await grace.send(new ListMultipartUploadsCommand({ Bucket: 'lab-b' }))).Uploads).toBeUndefined()
    await ada.send(new CompleteMultipartUploadCommand({ ...secret, UploadId, MultipartUpload }))
    expect(await (await ada.send(new GetObjectCommand(secret))).Body?.transformToString()).toBe('hers, too')
  })
})

describe('identity', () => {
  it('assumes no role that the user does not have', async () => {
    const { credentials } = grace.config
    const sts = new STSClient({ endpoint: world.stack.s3Endpoint, region: 'us-east-1', credentials })
    const role = (name: string) => ({ RoleArn: `arn:aws:iam::000000000000:role/${name}`, RoleSessionName: 'grace' })
    await expect(sts.send(new AssumeRoleCommand(role('analysts-a')))).rejects.toMatchObject(denied)
    await expect(sts.send(new AssumeRoleCommand(role('analysts-b/analysts-a')))).rejects.toMatchObject(denied)
    expect((await sts.send(new AssumeRoleCommand(role('analysts-b')))).Credentials?.AccessKeyId).toMatch(/^ASIA/)
  })

  it('a role that is taken away takes its credentials along, at once', async () => {
    const { admin } = world.stack
    const mallory = { name: 'mallory', email: 'mallory@example.com' }
    admin.createUser({ ...mallory, role: 'analysts-a' })
    const before = await world.s3(await admin.sessionToken('mallory'))
    await before.send(new GetObjectCommand(secret))
    admin.createUser({ ...mallory, role: 'analysts-b' })
    await expect(before.send(new GetObjectCommand(secret))).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    admin.createRole({ name: 'analysts-b', permissions: {} })
    const put = new PutObjectCommand({ Bucket: 'lab-b', Key: 'x', Body: 'x' })
    await expect(grace.send(put)).rejects.toMatchObject(denied)
    admin.createRole({ name: 'analysts-b', permissions: graceRole })
    await grace.send(put)
  })

  it('a token that ended opens no door any more', async () => {
    const session = await world.stack.admin.sessionToken('grace')
    const key = world.stack.admin.apiKey('grace')
    await world.call('/api/logout', { method: 'POST', token: session })
    await world.graphql(world.grace, 'mutation ($secret: String) { apiKeyRevoke(secret: $secret) { __typename } }', {
      secret: key,
    })
    const brief = await world.stack.admin.sessionToken('grace', { seconds: -1 })
    for (const token of [session, key, brief, `${world.grace.split('.').slice(0, 2).join('.')}.`]) {
      const query = { method: 'POST', token, body: '{"query":"{ buckets { name } }"}' }
      expect((await world.call('/graphql', query)).status).toBe(401)
      expect((await world.call('/api/auth/get_credentials', { token })).status).toBe(401)
      const cookie = `quilt_browse=${token}`
      expect((await world.call('/browse/some-session/file', { headers: { cookie } })).status).toBe(401)
    }
  })
})
