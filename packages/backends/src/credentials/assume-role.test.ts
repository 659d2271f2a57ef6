// Roles through the STS of a real stack, and the order of ways to credentials of a platform principal (design 4).
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { QuiltError } from '@quilt-mcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsMachine } from '../test/aws-machine.js'
import { refusalOf } from '../test/collect.js'
import { faultServer, json, text } from '../test/fault-server.js'
import { issuedKeys } from '../test/issued-keys.js'
import { always, testHttp } from '../test/s3-server.js'
import { startWorld, type World } from '../test/world.js'
import { type AssumedRoleDeps, assumedRoleCredentials } from './assume-role.js'
import { createCredentialCache } from './cache.js'
import type { CredentialSource } from './exchange.js'
import type { AwsCredentials } from './outcome.js'
import { sourceIdentityOf } from './source-identity.js'

const roleArn = 'arn:aws:iam::000000000000:role/lab-b'

let world: World
let signer: CredentialSource

/** The broker may act in lab-a, where its session starts, and in lab-b. */
beforeAll(async () => {
  world = await startWorld()
  world.stack.admin.createUser({
    name: 'broker',
    email: 'broker@example.com',
    role: 'lab-a',
    extraRoles: ['lab-b'],
  })
  signer = always(await issuedKeys(world, 'broker'))
})
afterAll(() => world.close())

const assumed = (options: Partial<AssumedRoleDeps> = {}) =>
  assumedRoleCredentials({
    roleArn,
    subject: 'ada',
    signer,
    region: 'us-east-1',
    endpoint: world.stack.s3Endpoint,
    stack: world.stack.registryUrl,
    token: 't',
    http: world.http,
    cache: createCredentialCache(),
    ...options,
  })

const arnOf = async (credentials: AwsCredentials) => {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials
  const client = new STSClient({
    endpoint: world.stack.s3Endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  })
  return (await client.send(new GetCallerIdentityCommand())).Arn
}

describe('an assumed role', () => {
  it('acts as the role, for as long as was asked', async () => {
    const credentials = await assumed({ durationSeconds: 900 }).get()
    expect(await arnOf(credentials)).toContain('assumed-role/lab-b/')
    const lifeMs = (credentials.expiresAtMs ?? 0) - Date.now()
    expect(lifeMs).toBeGreaterThan(880_000)
    expect(lifeMs).toBeLessThanOrEqual(900_000)
  })

  it('tells STS who is behind it, with tags that go along', async () => {
    const sts = await faultServer(
      text('<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>', 400),
    )
    const source = assumed({
      endpoint: sts.url,
      tags: { tenant: 'acme', user: 'ada lovelace' },
      transitiveTagKeys: ['tenant'],
      durationSeconds: 3_600,
      region: 'eu-west-2',
    })
    expect((await refusalOf(source.get())).code).toBe('invalid_input')
    expect(Object.fromEntries(new URLSearchParams(sts.bodies[0]))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: 'ada',
      SourceIdentity: 'ada',
      'Tags.member.1.Key': 'tenant',
      'Tags.member.1.Value': 'acme',
      'Tags.member.2.Key': 'user',
      'Tags.member.2.Value': 'ada lovelace',
      'TransitiveTagKeys.member.1': 'tenant',
      DurationSeconds: '3600',
    })
    expect(sts.headers[0]?.authorization).toContain('/eu-west-2/sts/aws4_request')
  })

  it('is assumed with source identity and tags by the stack, too', async () => {
    const source = assumed({ tags: { tenant: 'acme' }, transitiveTagKeys: ['tenant'] })
    expect(await arnOf(await source.get())).toContain('assumed-role/lab-b/')
  })

  it('names a subject that STS would not take so that it does, and no two alike', async () => {
    const sts = await faultServer(text('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 403))
    for (const subject of ['auth0|ada', 'auth0/ada']) await refusalOf(assumed({ endpoint: sts.url, subject }).get())
    const said = sts.bodies.map((body) => new URLSearchParams(body))
    const names = said.map((form) => form.get('SourceIdentity'))
    expect(names).toEqual([sourceIdentityOf('auth0|ada'), sourceIdentityOf('auth0/ada')])
    expect(said.map((form) => form.get('RoleSessionName'))).toEqual(names)
    expect(new Set(names).size).toBe(2)
  })

  it('is not asked for with tags that STS would not take', async () => {
    const sts = await faultServer(text('', 500))
    const outcomes: string[] = []
    const source = assumed({
      endpoint: sts.url,
      tags: { team: 'a', Team: 'b' },
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const error = await refusalOf(source.get())
    expect([error.code, error.details?.reason, sts.requests, outcomes]).toEqual([
      'invalid_input',
      'session-tags',
      [],
      ['failed'],
    ])
  })

  it('tells what came of asking, once each time STS is asked', async () => {
    const outcomes: string[] = []
    const onOutcome = (outcome: string) => outcomes.push(outcome)
    const source = assumed({ onOutcome })
    await Promise.all([source.get(), source.get()])
    await source.get()
    expect(outcomes).toEqual(['assumed'])
    await refusalOf(assumed({ onOutcome, roleArn: 'arn:aws:iam::000000000000:role/admins' }).get())
    await refusalOf(assumed({ onOutcome, signer: always() }).get())
    expect(outcomes).toEqual(['assumed', 'refused', 'failed'])
  })

  it('is assumed once for all who ask, and apart for others', async () => {
    const cache = createCredentialCache()
    const source = assumed({ cache })
    const [first, second] = await Promise.all([source.get(), source.get()])
    expect(second).toBe(first)
    expect(await assumed({ cache }).get()).toBe(first)
    const others = [{ token: 'other' }, { subject: 'grace' }, { tags: { tenant: 'b' } }, { durationSeconds: 900 }]
    for (const other of others) {
      expect((await assumed({ cache, ...other }).get()).accessKeyId).not.toBe(first.accessKeyId)
    }
  })

  it('is assumed again after it was dropped', async () => {
    const source = assumed()
    const first = await source.get()
    source.drop(first)
    expect((await source.get()).accessKeyId).not.toBe(first.accessKeyId)
  })

  it('that the signer may not assume is forbidden', async () => {
    const source = assumed({ roleArn: 'arn:aws:iam::000000000000:role/admins' })
    const error = await refusalOf(source.get())
    expect([error.code, error.details]).toEqual([
      'forbidden',
      { reason: 'assume-role-refused', roleArn: 'arn:aws:iam::000000000000:role/admins' },
    ])
    expect(await source.available()).toBe(false)
  })

  it('with a signer that AWS does not know is upstream: the caller need not sign in again', async () => {
    const error = await refusalOf(assumed({ signer: always() }).get())
    expect([error.code, error.retryable]).toEqual(['upstream', false])
  })

  it.each([
    ['a broken STS', text('oops', 500), 'upstream'],
    ['a web page', text('<html></html>', 200), 'upstream'],
  ])('%s is %s', async (_fault, answer, code) => {
    const sts = await faultServer(answer)
    expect((await refusalOf(assumed({ endpoint: sts.url, http: testHttp() }).get())).code).toBe(code)
  })
})

describe('the credentials of a platform principal', () => {
  const embedded = { accessKeyId: 'ASIACLAIM', secretAccessKey: 's', sessionToken: 't', expiresAtMs: 4_000_000_000_000 }
  const role = () => ({ roleArn, subject: 'ada', signer, region: 'us-east-1', endpoint: world.stack.s3Endpoint })
  const refusing = () => faultServer(json({ message: 'Exchange is off' }, 403))

  it('are exchanged, when the registry gives them, whatever else there is', async () => {
    const ada = await world.backendOf('ada', { assumeRole: role(), embeddedCredentials: embedded })
    expect(await ada.objects.list('lab-a')).toMatchObject({ items: [] })
    expect((await refusalOf(ada.objects.list('lab-b'))).code).toBe('forbidden')
  })

  it('are those of the role, when the registry refuses the exchange', async () => {
    const registryUrl = (await refusing()).url
    const ada = await world.backendOf('ada', { registryUrl, assumeRole: role(), embeddedCredentials: embedded })
    expect(await ada.objects.list('lab-b')).toMatchObject({ items: [] })
    expect((await refusalOf(ada.objects.list('lab-a'))).code).toBe('forbidden')
  })

  it('are those of the claims, when the role is refused as well', async () => {
    const s3 = await faultServer(text('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>', 200))
    const ada = await world.backendOf('ada', {
      registryUrl: (await refusing()).url,
      s3Endpoint: s3.url,
      assumeRole: { ...role(), roleArn: 'arn:aws:iam::000000000000:role/admins' },
      embeddedCredentials: embedded,
    })
    await ada.objects.list('data')
    expect(s3.headers[0]?.authorization).toContain('Credential=ASIACLAIM/')
  })

  it('end with the claims: what has expired, or is refused by AWS, is not used again', async () => {
    const s3 = await faultServer(text('<Error><Code>ExpiredToken</Code></Error>', 400))
    const options = { registryUrl: (await refusing()).url, s3Endpoint: s3.url }
    const expired = await world.backendOf('ada', { ...options, embeddedCredentials: { ...embedded, expiresAtMs: 1 } })
    expect((await refusalOf(expired.objects.list('data'))).details?.reason).toBe('exchange-refused')
    expect(s3.requests).toEqual([])
    const revoked = await world.backendOf('ada', { ...options, embeddedCredentials: embedded })
    await refusalOf(revoked.objects.list('data'))
    await refusalOf(revoked.objects.list('data'))
    expect(s3.requests).toHaveLength(1)
  })

  it('are none when the exchange fails: no other identity takes its place', async () => {
    const registryUrl = (await faultServer(json({ message: 'oops' }, 500))).url
    const s3 = await faultServer(text('', 500))
    const ada = await world.backendOf('ada', {
      registryUrl,
      http: testHttp(),
      s3Endpoint: s3.url,
      assumeRole: role(),
      embeddedCredentials: embedded,
    })
    expect((await refusalOf(ada.objects.list('lab-a'))).code).toBe('upstream')
    expect(s3.requests).toEqual([])
  })

  it('are never those of this process: not in the environment, not in a profile, not of a container', async () => {
    const container = await faultServer(
      json({ AccessKeyId: 'POISON', SecretAccessKey: 'POISON', Token: 'POISON', Expiration: '2099-01-01T00:00:00Z' }),
    )
    const keys = 'aws_access_key_id = POISON\naws_secret_access_key = POISON\n'
    awsMachine(
      { config: `[default]\n${keys}[profile poison]\n${keys}`, credentials: `[default]\n${keys}` },
      {
        AWS_ACCESS_KEY_ID: 'POISON',
        AWS_SECRET_ACCESS_KEY: 'POISON',
        AWS_PROFILE: 'poison',
        AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url,
        AWS_ENDPOINT_URL: container.url,
        AWS_ENDPOINT_URL_STS: container.url,
      },
    )
    const s3 = await faultServer(text('', 500))
    const dead: CredentialSource = {
      available: async () => false,
      get: async () => Promise.reject(new QuiltError('upstream', 'the broker is down')),
      drop: () => {},
    }
    const options = { registryUrl: (await refusing()).url, s3Endpoint: s3.url }
    const none = await world.backendOf('ada', options)
    const broken = await world.backendOf('ada', { ...options, assumeRole: { ...role(), signer: dead } })
    for (const backend of [none, broken]) {
      await refusalOf(backend.objects.list('lab-a'))
      await refusalOf(backend.objects.put({ bucket: 'lab-a', key: 'x' }, Buffer.from('x')))
    }
    expect([s3.requests, container.requests]).toEqual([[], []])
    // A role is asked for at the STS that was named, signed by whom was named.
    const sts = await faultServer(text('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 403))
    const refused = await world.backendOf('ada', {
      ...options,
      assumeRole: { ...role(), signer: always(), endpoint: sts.url },
    })
    await refusalOf(refused.objects.list('lab-a'))
    expect(sts.headers.map(({ authorization }) => /Credential=([^/]*)/.exec(authorization ?? '')?.[1])).toEqual([
      'AKIAUSER',
    ])
    expect([s3.requests, container.requests]).toEqual([[], []])
  })
})
