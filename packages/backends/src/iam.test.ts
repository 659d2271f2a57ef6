// The iam backend as a user of AWS tools meets it: settings in files and variables, S3 and STS of a real stack. What all backends
// have in common is in test/contract.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backend } from './backend.js'
import type { AwsPlace } from './credentials/aws-profiles.js'
import type { AwsCredentials } from './credentials/outcome.js'
import { type IamOptions, iamBackend } from './iam.js'
import { awsMachine } from './test/aws-machine.js'
import { bytesOf, refusalOf, refusalsOf } from './test/collect.js'
import { faultServer } from './test/fault-server.js'
import { bytes, s3Says } from './test/faulty-world.js'
import { issuedKeys } from './test/issued-keys.js'
import { linkOf } from './test/links.js'
import { entriesOf, freshName, putFiles } from './test/packages.js'
import { testHttp } from './test/s3-server.js'
import { startWorld, type World } from './test/world.js'

let world: World
let ada: AwsCredentials

beforeAll(async () => {
  world = await startWorld()
  ada = await issuedKeys(world, 'ada')
})
afterAll(() => world.close())

const profileOf = ({ accessKeyId, secretAccessKey, sessionToken = '' }: AwsCredentials) =>
  [
    '[lab]',
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    `aws_session_token = ${sessionToken}`,
  ].join('\n')

/** A machine whose profile `lab` is Ada's, and which AWS tools lead to the stack. */
const adasMachine = (variables: Readonly<Record<string, string>> = {}) =>
  awsMachine(
    { credentials: profileOf(ada), config: `[profile lab]\nendpoint_url = ${world.stack.s3Endpoint}\n` },
    { AWS_PROFILE: 'lab', ...variables },
  )

const iam = ({ env, homeDir }: AwsPlace = adasMachine(), options: Partial<IamOptions> = {}): Promise<Backend> =>
  iamBackend({ env, homeDir, http: testHttp(), isInstance: async () => false, ...options })

describe('a profile is enough', () => {
  it('to know who one is', async () => {
    expect(await (await iam()).identity()).toEqual({
      backend: 'iam',
      user: { name: 'ada' },
      role: 'lab-a',
      region: 'us-east-1',
      objectAccess: 'credentials',
    })
  })

  it('to push a package, find its bucket, read it and take it away again', async () => {
    const backend = await iam()
    const ref = freshName()
    const entries = await putFiles(backend, { 'a.txt': 'hello' }, 'iam')
    const { revision } = await backend.packages.push({ ...ref, entries, message: 'first' })
    expect((await backend.buckets.list()).items).toEqual([{ name: 'lab-a' }])
    const reader = await backend.packages.open(await backend.packages.resolve(ref))
    expect(reader.revision.topHash).toBe(revision.topHash)
    expect((await entriesOf(reader)).map(({ logicalKey }) => logicalKey)).toEqual(['a.txt'])
    expect((await bytesOf((await reader.read('a.txt')).body)).toString()).toBe('hello')
    await backend.packages.remove(ref)
    expect((await refusalOf(backend.packages.resolve(ref))).details).toMatchObject({ missing: 'package' })
  })

  it('to make links', async () => {
    const backend = await iam()
    await backend.objects.put({ bucket: 'lab-a', key: 'linked.txt' }, Buffer.from('linked'))
    const { url } = await linkOf(backend, { bucket: 'lab-a', key: 'linked.txt' })
    expect(await (await fetch(url)).text()).toBe('linked')
  })

  it.each([
    ['a user live as long as was asked', '', 604_800],
    ['a session whose end no file tells live an hour at the most', 'aws_session_token = t\n', 3_600],
  ])('to make links: those signed with the keys of %s', async (_whose, token, seconds) => {
    const keys = `[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n${token}`
    const s3 = await faultServer(bytes('fine'))
    const backend = await iam(awsMachine({ credentials: keys }, { AWS_ENDPOINT_URL: s3.url }), { now: () => 0 })
    const { expires } = await linkOf(backend, { bucket: 'data', key: 'a' }, { expiresInSeconds: 604_800 })
    expect(Date.parse(expires)).toBe(seconds * 1_000)
  })

  it('and no more is promised: there is no registry, so nothing that needs one', async () => {
    expect(Object.keys(await iam()).sort()).toEqual([
      'buckets',
      'close',
      'identity',
      'links',
      'name',
      'objects',
      'packages',
      'search',
      'uploads',
    ])
  })
})

describe('the address of S3', () => {
  it.each(['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'])('is that of %s, before the one of the profile', async (name) => {
    const s3 = await faultServer(bytes('fine'))
    const backend = await iam(adasMachine({ [name]: s3.url }))
    await backend.objects.info({ bucket: 'data', key: 'a' })
    expect(s3.requests).toEqual(['HEAD /data/a'])
  })

  it('is the one that was asked for, before all', async () => {
    const s3 = await faultServer(bytes('fine'))
    const backend = await iam(adasMachine(), { s3Endpoint: s3.url })
    await backend.objects.info({ bucket: 'data', key: 'a' })
    expect(s3.requests).toEqual(['HEAD /data/a'])
  })

  it('that is malformed is said before anything is sent', async () => {
    expect((await refusalOf(iam(adasMachine({ AWS_ENDPOINT_URL: 'localhost' })))).code).toBe('invalid_input')
  })

  it('that has no STS beside it: the access key stands for the user', async () => {
    const s3 = await faultServer(bytes('fine'))
    const place = awsMachine({ credentials: profileOf(ada) }, { AWS_PROFILE: 'lab', AWS_ENDPOINT_URL_S3: s3.url })
    expect((await (await iam(place)).identity()).user?.name).toMatch(/^access key ASIA\.\.\.\w{4}$/)
    expect(s3.requests).toEqual([])
  })
})

describe('without credentials', () => {
  const bare = () => awsMachine({}, { AWS_ENDPOINT_URL: world.stack.s3Endpoint })

  it('every call says how to get some', async () => {
    const backend = await iam(bare())
    for (const error of await refusalsOf([
      backend.identity(),
      backend.buckets.list(),
      backend.objects.list('lab-a'),
      backend.objects.put({ bucket: 'lab-a', key: 'x' }, Buffer.from('x')),
      backend.packages.list('lab-a'),
    ])) {
      expect([error.code, error.details?.reason]).toEqual(['unauthenticated', 'no-aws-credentials'])
      expect(error.hint).toContain('aws configure sso')
    }
  })

  it('public buckets are read', async () => {
    const s3 = await faultServer(bytes('open'))
    const backend = await iam(awsMachine({}, { AWS_ENDPOINT_URL: s3.url }))
    expect((await bytesOf((await backend.objects.read({ bucket: 'open', key: 'a' })).body)).toString()).toBe('open')
    expect(s3.headers[0]?.authorization).toBeUndefined()
  })
})

describe('a refusal', () => {
  it('says that the bucket may be one whose reader pays', async () => {
    const s3 = await faultServer(s3Says('AccessDenied', 403))
    const backend = await iam(adasMachine(), { s3Endpoint: s3.url })
    const error = await refusalOf(backend.objects.read({ bucket: 'data', key: 'a' }))
    expect(error.code).toBe('forbidden')
    expect(error.hint).toContain('--requester-pays')
  })

  it('is met by paying where the user said so', async () => {
    const s3 = await faultServer((request, ...rest) =>
      (request.headers['x-amz-request-payer'] === 'requester' ? bytes('paid') : s3Says('AccessDenied', 403))(
        request,
        ...rest,
      ),
    )
    const backend = await iam(adasMachine(), { s3Endpoint: s3.url, requesterPays: ['data'] })
    expect((await bytesOf((await backend.objects.read({ bucket: 'data', key: 'a' })).body)).toString()).toBe('paid')
  })
})
