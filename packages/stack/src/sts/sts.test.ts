import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IssuedCredentials } from '../identity/principal.js'
import { type Loopback, startLoopback } from '../s3/test/loopback.js'

let s3: Loopback

beforeAll(async () => {
  s3 = await startLoopback({
    buckets: ['alpha', 'beta'],
    roles: { reader: { alpha: 'READ' }, writer: { beta: 'READ_WRITE' }, other: {} },
    users: { ada: ['reader', 'writer'] },
  })
})
afterAll(() => s3.close())

const sts = (credentials: IssuedCredentials) =>
  new STSClient({ endpoint: s3.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })

const arn = (role: string) => `arn:aws:iam::000000000000:role/${role}`

describe('AssumeRole', () => {
  it("gives credentials of another of the user's roles, with the session's tags and source identity", async () => {
    const answer = await sts(s3.credentials('ada')).send(
      new AssumeRoleCommand({
        RoleArn: arn('writer'),
        RoleSessionName: 'ada@laptop',
        DurationSeconds: 900,
        Tags: [
          { Key: 'tenant', Value: 'acme' },
          { Key: 'user', Value: 'ada lovelace' },
        ],
        TransitiveTagKeys: ['tenant'],
        SourceIdentity: 'ada',
      }),
    )
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = answer.Credentials ?? {}
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/writer/ada@laptop')
    expect(Math.abs((Expiration?.getTime() ?? 0) - Date.now() - 900_000)).toBeLessThan(10_000)
    const kept = s3.authenticator.byAccessKeyId(AccessKeyId)
    expect(kept?.principal.roleName).toBe('writer')
    expect(kept?.credentials.session).toEqual({
      name: 'ada@laptop',
      sourceIdentity: 'ada',
      tags: { tenant: 'acme', user: 'ada lovelace' },
      transitiveTagKeys: ['tenant'],
    })
    const client = s3.client({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expires: Expiration ?? new Date(),
    })
    expect((await client.send(new ListBucketsCommand())).Buckets?.map((bucket) => bucket.Name)).toEqual(['beta'])
  })

  it('is refused for a role that the user does not have, or that does not exist', async () => {
    for (const role of ['other', 'missing']) {
      const call = new AssumeRoleCommand({ RoleArn: arn(role), RoleSessionName: 'ada' })
      await expect(sts(s3.credentials('ada')).send(call)).rejects.toMatchObject({
        name: 'AccessDenied',
        $metadata: { httpStatusCode: 403 },
      })
    }
  })

  it('is refused with ValidationError for what AWS would not take', async () => {
    const wrong = [
      { RoleArn: 'writer', RoleSessionName: 'ada' },
      { RoleArn: arn('writer'), RoleSessionName: 'a b' },
      { RoleArn: arn('writer'), RoleSessionName: 'ada', DurationSeconds: 60 },
      { RoleArn: arn('writer'), RoleSessionName: 'ada', TransitiveTagKeys: ['unknown'] },
      ...[
        Array.from({ length: 51 }, (_, at) => ({ Key: `tag-${at}`, Value: 'v' })),
        [{ Key: 'k'.repeat(129), Value: 'v' }],
        [{ Key: 'k', Value: 'v'.repeat(257) }],
        [{ Key: 'a|b', Value: 'v' }],
        [{ Key: 'aws:user', Value: 'v' }],
        [
          { Key: 'team', Value: 'a' },
          { Key: 'Team', Value: 'b' },
        ],
      ].map((Tags) => ({ RoleArn: arn('writer'), RoleSessionName: 'ada', Tags })),
    ]
    for (const input of wrong)
      await expect(sts(s3.credentials('ada')).send(new AssumeRoleCommand(input))).rejects.toMatchObject({
        name: 'ValidationError',
      })
  })

  it('is refused with a wrong secret and with expired credentials', async () => {
    const call = () => new AssumeRoleCommand({ RoleArn: arn('writer'), RoleSessionName: 'ada' })
    const wrong = { ...s3.credentials('ada'), secretAccessKey: 'wrong' }
    await expect(sts(wrong).send(call())).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    const expired = s3.credentials('ada', { seconds: -1 })
    await expect(sts(expired).send(call())).rejects.toMatchObject({ name: expect.stringMatching(/^ExpiredToken/) })
  })
})

describe('GetCallerIdentity', () => {
  it('says user and role', async () => {
    expect(await sts(s3.credentials('ada')).send(new GetCallerIdentityCommand())).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:sts::000000000000:assumed-role/reader/ada',
    })
  })
})

describe('a call whose form is not the signed one', () => {
  it('is refused, and the hash that its header names does not help', async () => {
    const client = sts(s3.credentials('ada'))
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: string }
        request.body = request.body.replace('GetCallerIdentity', 'getCallerIdentity')
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await expect(client.send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  })

  it('is refused when it is presigned', async () => {
    const { accessKeyId } = s3.credentials('ada')
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKeyId}/20260101/us-east-1/sts/aws4_request`
    const answer = await fetch(`${s3.endpoint}/?${query}`, { method: 'POST', body: 'Action=GetCallerIdentity' })
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
  })
})
