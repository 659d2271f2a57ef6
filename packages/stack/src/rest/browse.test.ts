import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aStack, type TestStack } from '../test/a-stack.js'

let world: TestStack
let scope: string
const logicalKeyOfFile = 'data/it’s 100% & more?.txt'

beforeAll(async () => {
  world = await aStack()
  const versionId = await put('raw/file.txt', 'first')
  await put('raw/file.txt', 'second')
  scope = await push('ns/pkg', { [logicalKeyOfFile]: `s3://lab-a/raw/file.txt?versionId=${versionId}` })
})
afterAll(() => world.close())

/** Writes an object as Ada. @returns its version id */
async function put(key: string, body: string): Promise<string> {
  const issued = z
    .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })
    .parse(await (await world.call('/api/auth/get_credentials', { token: world.ada })).json())
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3')
  const s3 = new S3Client({
    endpoint: world.stack.s3Endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: issued.AccessKeyId,
      secretAccessKey: issued.SecretAccessKey,
      sessionToken: issued.SessionToken,
    },
  })
  return (await s3.send(new PutObjectCommand({ Bucket: 'lab-a', Key: key, Body: body }))).VersionId ?? ''
}

/** Makes a package as Ada. @returns the URI of its revision */
async function push(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const entries = Object.entries(files).map(([logicalKey, physicalKey]) => ({ logicalKey, physicalKey }))
  const { packageConstruct } = await world.graphql(
    world.ada,
    `mutation ($params: PackagePushParams!, $src: PackageConstructSource!) { packageConstruct(params: $params, src: $src) {
      ... on PackagePushSuccess { revision { hash } } } }`,
    { params: { bucket: 'lab-a', name, message: 'made', workflow: null, userMeta: null }, src: { entries } },
  )
  const { revision } = z.object({ revision: z.object({ hash: z.string() }) }).parse(packageConstruct)
  return `quilt+s3://lab-a#package=${name}@${revision.hash}`
}

const sessionAnswer = z.object({ id: z.string() })

async function openSession(ttl = 180): Promise<string> {
  const { browsingSessionCreate } = await world.graphql(
    world.ada,
    'mutation ($scope: String!, $ttl: Int!) { browsingSessionCreate(scope: $scope, ttl: $ttl) { ... on BrowsingSession { id } } }',
    { scope, ttl },
  )
  return sessionAnswer.parse(browsingSessionCreate).id
}

const pathOf = (id: string, logicalKey = logicalKeyOfFile): string =>
  `/browse/${id}/${logicalKey.split('/').map(encodeURIComponent).join('/')}`

describe('GET /browse/<session>/<logical key>', () => {
  it('leads to the version of the entry, not to the newest', async () => {
    const answer = await world.call(pathOf(await openSession()), { token: world.ada })
    expect(answer.status).toBe(307)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(await (await fetch(answer.headers.get('location') ?? '')).text()).toBe('first')
  })

  it('takes the cookie of set_browse_cookie in place of a token', async () => {
    const set = await world.call('/browse/set_browse_cookie', { method: 'POST', token: world.ada })
    const line = set.headers.get('set-cookie') ?? ''
    expect(line).toMatch(/; Max-Age=3600; Path=\/browse; HttpOnly; SameSite=Lax$/)
    const cookie = line.split(';')[0] ?? ''
    expect((await world.call(pathOf(await openSession()), { headers: { cookie } })).status).toBe(307)
  })

  it('is for the owner of the session only', async () => {
    const path = pathOf(await openSession())
    expect((await world.call(path)).status).toBe(401)
    expect((await world.call(path, { token: world.grace })).status).toBe(403)
  })

  it('says 404 for a file, or a session, that is not there', async () => {
    expect((await world.call(pathOf(await openSession(), 'data'), { token: world.ada })).status).toBe(404)
    expect((await world.call(pathOf(await openSession(), 'nothing'), { token: world.ada })).status).toBe(404)
    expect((await world.call(pathOf('no-session'), { token: world.ada })).status).toBe(404)
  })

  it('ends with the session', async () => {
    const id = await openSession()
    await world.graphql(world.ada, 'mutation ($id: ID!) { browsingSessionDispose(id: $id) { __typename } }', { id })
    expect((await world.call(pathOf(id), { token: world.ada })).status).toBe(404)
  })

  it('stops when the bucket is no longer browsable, or the role no longer reads it', async () => {
    const { admin } = world.stack
    const path = pathOf(await openSession())
    admin.createBucket({ name: 'lab-a', browsable: false })
    expect((await world.call(path, { token: world.ada })).status).toBe(403)
    admin.createBucket({ name: 'lab-a', browsable: true })
    admin.createRole({ name: 'analysts-a', permissions: {} })
    expect((await world.call(path, { token: world.ada })).status).toBe(403)
    admin.createRole({ name: 'analysts-a', permissions: { 'lab-a': 'READ_WRITE' } })
    expect((await world.call(path, { token: world.ada })).status).toBe(307)
  })
})
