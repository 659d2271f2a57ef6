import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AwsCredentials } from './credentials/outcome.js'
import { type AwsIdentityDeps, awsIdentity } from './identity-aws.js'
import { refusalOf } from './test/collect.js'
import { type Answer, faultServer, silence, text } from './test/fault-server.js'
import { issuedKeys } from './test/issued-keys.js'
import { always, testHttp, userKeys } from './test/s3-server.js'
import { startWorld, type World } from './test/world.js'

let world: World
let ada: AwsCredentials

beforeAll(async () => {
  world = await startWorld()
  ada = await issuedKeys(world, 'ada')
})
afterAll(() => world.close())

const identity = (deps: Partial<AwsIdentityDeps> = {}) =>
  awsIdentity({
    credentials: always(ada),
    http: world.http,
    region: 'us-east-1',
    stsEndpoint: world.stack.s3Endpoint,
    now: Date.now,
    ...deps,
  })

const sts = (body: string, status = 200): Answer => text(body, status, { 'content-type': 'text/xml' })
const caller = (arn: string) =>
  sts(
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AIDA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  )

describe('who AWS credentials belong to', () => {
  it('is the session of a role', async () => {
    expect(await identity()()).toEqual({
      backend: 'iam',
      user: { name: 'ada' },
      role: 'lab-a',
      region: 'us-east-1',
      objectAccess: 'credentials',
    })
  })

  it.each([
    ['arn:aws:iam::111122223333:user/people/ada', 'ada'],
    ['arn:aws:iam::111122223333:root', 'root'],
  ])('%s is %s, who acts in no role', async (arn, name) => {
    const { url } = await faultServer(caller(arn))
    const who = await identity({ stsEndpoint: url })()
    expect([who.user, who.role]).toEqual([{ name }, undefined])
  })

  it('is asked once', async () => {
    const server = await faultServer(caller('arn:aws:iam::111122223333:user/ada'))
    const ask = identity({ stsEndpoint: server.url })
    await ask()
    await ask()
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['a policy keeps STS away', sts('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 403)],
    ['STS is down', sts('', 500)],
    ['something else answers', sts('<html></html>')],
  ])('is the access key when %s', async (_why, answer) => {
    const { url } = await faultServer(answer)
    const who = await identity({ stsEndpoint: url, http: testHttp(), credentials: always(userKeys) })()
    expect(who.user).toEqual({ name: 'access key AKIA...USER' })
  })

  it('is not waited for when STS is silent', async () => {
    const { url } = await faultServer(silence)
    const who = await identity({ stsEndpoint: url, stsLimitMs: 50, credentials: always(userKeys) })()
    expect(who.user).toEqual({ name: 'access key AKIA...USER' })
  })

  it('is not asked for again for five minutes when STS does not tell', async () => {
    let nowMs = 0
    const server = await faultServer(
      sts('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 403),
    )
    const ask = identity({ stsEndpoint: server.url, now: () => nowMs, credentials: always(userKeys) })
    await ask()
    await ask()
    expect(server.requests).toHaveLength(1)
    nowMs = 300_000
    await ask()
    expect(server.requests).toHaveLength(2)
  })

  it('is left when the caller leaves', async () => {
    const { url } = await faultServer(silence)
    const reason = new Error('the user left')
    const controller = new AbortController()
    const asking = identity({ stsEndpoint: url })({ signal: controller.signal })
    setTimeout(() => controller.abort(reason), 20)
    await expect(asking).rejects.toBe(reason)
  })

  it('is the access key at an S3 that is not Amazon’s and has no STS: Amazon is not told of it', async () => {
    expect((await identity({ stsEndpoint: null, credentials: always(userKeys) })()).user).toEqual({
      name: 'access key AKIA...USER',
    })
  })

  it('is who the profile says by now, when AWS no longer knows the first credentials', async () => {
    let current = userKeys
    const drop = (): void => {
      current = ada
    }
    const who = await identity({ credentials: { available: async () => true, get: async () => current, drop } })()
    expect(who.user).toEqual({ name: 'ada' })
  })

  it('is nobody when AWS does not know the credentials', async () => {
    const error = await refusalOf(identity({ credentials: always(userKeys) })())
    expect([error.code, error.message]).toEqual([
      'unauthenticated',
      'Asking AWS who this is: the AWS credentials are expired or unknown',
    ])
  })
})
