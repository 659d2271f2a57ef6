// What one tenant may learn of another: nothing. By every door of the stack.
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aStack, type TestStack } from './test/a-stack.js'

let world: TestStack
let topHash: string

const issued = z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })
const pushed = z.object({ revision: z.object({ hash: z.string() }) })

async function s3Of(token: string): Promise<S3Client> {
  const answer = issued.parse(await (await world.call('/api/auth/get_credentials', { token })).json())
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = answer
  const credentials = { accessKeyId, secretAccessKey, sessionToken }
  return new S3Client({
    endpoint: world.stack.s3Endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
  })
}

const construct = (token: string, bucket: string, physicalKey: string): Promise<Record<string, unknown>> =>
  world.graphql(
    token,
    `mutation ($params: PackagePushParams!, $src: PackageConstructSource!) { packageConstruct(params: $params, src: $src) {
      __typename ... on PackagePushSuccess { revision { hash } } } }`,
    {
      params: { bucket, name: 'ns/pkg', message: 'made', workflow: null, userMeta: null },
      src: { entries: [{ logicalKey: 'file', physicalKey }] },
    },
  )

beforeAll(async () => {
  world = await aStack()
  await (await s3Of(world.ada)).send(new PutObjectCommand({ Bucket: 'lab-a', Key: 'raw/file', Body: 'hers' }))
  const { packageConstruct } = await construct(world.ada, 'lab-a', 's3://lab-a/raw/file')
  topHash = pushed.parse(packageConstruct).revision.hash
})
afterAll(() => world.close())

describe('another tenant', () => {
  it('finds neither bucket nor package nor revision by GraphQL', async () => {
    const query = `query ($hash: String!) {
      buckets { name } bucketConfigs { name } bucket(name: "lab-a") { name } bucketConfig(name: "lab-a") { name }
      packages(bucket: "lab-a") { total } package(bucket: "lab-a", name: "ns/pkg") { revision(hashOrTag: $hash) { hash } }
    }`
    expect(await world.graphql(world.ada, query, { hash: topHash })).toEqual({
      buckets: [{ name: 'lab-a' }],
      bucketConfigs: [{ name: 'lab-a' }],
      bucket: { name: 'lab-a' },
      bucketConfig: { name: 'lab-a' },
      packages: { total: 1 },
      package: { revision: { hash: topHash } },
    })
    expect(await world.graphql(world.grace, query, { hash: topHash })).toEqual({
      buckets: [{ name: 'lab-b' }],
      bucketConfigs: [{ name: 'lab-b' }],
      bucket: null,
      bucketConfig: null,
      packages: null,
      package: null,
    })
  })

  it('makes no package there, and none of its own from objects there', async () => {
    expect(await construct(world.grace, 'lab-a', 's3://lab-b/x')).not.toMatchObject({
      packageConstruct: { __typename: 'PackagePushSuccess' },
    })
    expect(await construct(world.grace, 'lab-b', 's3://lab-a/raw/file')).toEqual({
      packageConstruct: { __typename: 'InvalidInput' },
    })
  })

  it('opens, refreshes and ends no browsing session there', async () => {
    const create =
      'mutation ($scope: String!) { browsingSessionCreate(scope: $scope) { __typename ... on BrowsingSession { id } } }'
    const scope = `quilt+s3://lab-a#package=ns/pkg@${topHash}`
    const hers = z.object({ browsingSessionCreate: z.object({ id: z.string() }) })
    const { id } = hers.parse(await world.graphql(world.ada, create, { scope })).browsingSessionCreate
    expect(await world.graphql(world.grace, create, { scope })).not.toHaveProperty('browsingSessionCreate.id')
    const change = `mutation ($id: ID!) {
      browsingSessionRefresh(id: $id) { ... on OperationError { name } }
      browsingSessionDispose(id: $id) { ... on OperationError { name } } }`
    expect(await world.graphql(world.grace, change, { id })).toEqual({
      browsingSessionRefresh: { name: 'OwnerMismatch' },
      browsingSessionDispose: { name: 'OwnerMismatch' },
    })
    expect((await world.call(`/browse/${id}/file`, { token: world.ada })).status).toBe(307)
  })

  it('reads, writes and lists nothing there by S3', async () => {
    const s3 = await s3Of(world.grace)
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['lab-b'])
    const denied = { name: 'AccessDenied' }
    await expect(s3.send(new GetObjectCommand({ Bucket: 'lab-a', Key: 'raw/file' }))).rejects.toMatchObject(denied)
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'lab-a' }))).rejects.toMatchObject(denied)
    const write = new PutObjectCommand({ Bucket: 'lab-a', Key: 'x', Body: 'x' })
    await expect(s3.send(write)).rejects.toMatchObject(denied)
  })

  it('learns nothing without a token', async () => {
    const answer = await world.call('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { name } }' }),
    })
    expect([answer.status, await answer.json()]).toEqual([200, { data: { me: null } }])
    const buckets = await world.call('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ buckets { name } }' }),
    })
    expect(buckets.status).toBe(401)
  })
})
