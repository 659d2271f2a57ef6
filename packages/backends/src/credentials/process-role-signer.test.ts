// A server's own AWS identity assumes roles for its tenants, and does nothing else.
import { describe, expect, it } from 'vitest'
import { platformBackend } from '../platform.js'
import { awsMachine } from '../test/aws-machine.js'
import { refusalOf } from '../test/collect.js'
import { faultServer, json, text } from '../test/fault-server.js'
import { testHttp } from '../test/s3-server.js'
import { processRoleSigner } from './process-role-signer.js'

const assumed = text(
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIATENANT</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  200,
)
const denied = text('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>', 403)
const empty = text('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>', 200)

/** A tenant whom the registry refuses credentials, on a server with this AWS identity. */
async function tenant(variables: Readonly<Record<string, string>>, stsAnswer = assumed) {
  const { env, homeDir } = awsMachine({}, variables)
  const [registry, sts, s3] = [
    await faultServer(json({ message: 'no' }, 403)),
    await faultServer(stsAnswer),
    await faultServer(empty),
  ]
  const http = testHttp()
  const backend = platformBackend({
    registryUrl: registry.url,
    s3Endpoint: s3.url,
    token: 't',
    http,
    assumeRole: {
      roleArn: 'arn:aws:iam::000000000000:role/lab',
      subject: 'ada',
      signer: processRoleSigner({ surroundings: { env, homeDir, platform: 'linux' }, http }),
      region: 'us-east-1',
      endpoint: sts.url,
    },
  })
  return { backend, sts, s3 }
}

const signerOf = (headers: { readonly authorization?: string | undefined } | undefined) =>
  /Credential=([^/]*)/.exec(headers?.authorization ?? '')?.[1]

describe('the identity of the process', () => {
  const server = { AWS_ACCESS_KEY_ID: 'AKIASERVER', AWS_SECRET_ACCESS_KEY: 'secret' }

  it("signs the request for a tenant's role; all else is signed by the role", async () => {
    const { backend, sts, s3 } = await tenant(server)
    await backend.objects.list('data')
    await backend.objects.list('data')
    expect(sts.headers.map(signerOf)).toEqual(['AKIASERVER'])
    expect(s3.headers.map(signerOf)).toEqual(['ASIATENANT', 'ASIATENANT'])
  })

  it('does not take the place of a role that it may not assume', async () => {
    const { backend, s3 } = await tenant(server, denied)
    expect((await refusalOf(backend.objects.list('data'))).code).toBe('forbidden')
    expect(s3.requests).toEqual([])
  })

  it('that there is none of is not the fault of the tenant, who is not told to sign in', async () => {
    const { backend, sts, s3 } = await tenant({})
    const error = await refusalOf(backend.objects.list('data'))
    expect([error.code, error.retryable, error.hint]).toEqual([
      'upstream',
      false,
      'The operator of this server must give it credentials that may assume roles, or renew them.',
    ])
    expect([sts.requests, s3.requests]).toEqual([[], []])
  })
})
