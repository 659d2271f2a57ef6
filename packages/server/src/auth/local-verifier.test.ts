import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLocalVerifier, type LocalVerifierConfig } from './local-verifier.js'
import { signerOf } from './test/signer.js'
import { type SmallServer, smallServer, testHttp } from './test/small-server.js'

const secret = 'a secret of more than thirty-two bytes'
const publicUrl = 'https://mcp.example'
const ada = { sub: 'ada' }
const signer = await signerOf('k1')

const noCredentials = async () => {
  throw new Error('AWS is not asked')
}

const verifierOf = (config: Partial<LocalVerifierConfig>, more: { onProblem?: (error: unknown) => void } = {}) =>
  createLocalVerifier({
    config: settings(config),
    http: testHttp(),
    credentials: noCredentials,
    ...more,
  })

const settings = (config: Partial<LocalVerifierConfig>): LocalVerifierConfig => ({
  jwtSecret: undefined,
  jwtSecretFile: undefined,
  jwtSecretArn: undefined,
  jwtSecretParameter: undefined,
  jwksUrl: undefined,
  jwtIssuer: undefined,
  jwtAudience: undefined,
  oauthIssuer: undefined,
  oauthScope: 'platform',
  publicUrl: undefined,
  awsRegion: undefined,
  ...config,
})

const signedBy = (key: string, claims: JWTPayload = ada): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(Buffer.from(key))

/** An authorization server whose keys serve platform tokens too. */
async function authorizationServer(): Promise<SmallServer> {
  const server = await smallServer(({ line }) => {
    if (line === 'GET /keys') return { body: { keys: [signer.jwk] } }
    return line.includes('oauth-authorization-server')
      ? { body: { issuer: server.url, jwks_uri: `${server.url}/keys` } }
      : { status: 404 }
  })
  return server
}

const accessToken = (iss: string, claims: JWTPayload = {}): Promise<string> =>
  signer.sign({ ...ada, iss, aud: `${publicUrl}/mcp`, scope: 'platform', ...claims })

describe('without settings', () => {
  it('nothing is verified here', async () => {
    expect(await verifierOf({})).toBeUndefined()
  })
})

describe('platform tokens', () => {
  it('are verified with the secret of a setting, and others are not ours', async () => {
    const verifier = await verifierOf({ jwtSecret: secret })
    expect(await verifier?.verify(await signedBy(secret))).toEqual({
      kind: 'platform',
      payload: { ...ada, exp: expect.any(Number) },
    })
    expect(await verifier?.verify(await signedBy(`${secret}!`))).toBeUndefined()
    expect(await verifier?.verify('qk_abc')).toBeUndefined()
  })

  it('are verified with the secret in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secret-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const jwtSecretFile = join(folder, 'secret')
    await writeFile(jwtSecretFile, `${secret}\n`)
    const verifier = await verifierOf({ jwtSecretFile })
    expect(await verifier?.verify(await signedBy(secret))).toMatchObject({ kind: 'platform' })
  })

  it.each<[string, Partial<LocalVerifierConfig>]>([
    ['Secrets Manager', { jwtSecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:quilt-AbCdEf' }],
    ['SSM', { jwtSecretParameter: '/quilt/secret', awsRegion: 'eu-west-1' }],
  ])('are verified with the secret in %s, also at a private address', async (_service, config) => {
    const aws = await smallServer(() => ({ body: { SecretString: secret, Parameter: { Value: secret } } }))
    const verifier = await createLocalVerifier({
      config: settings(config),
      http: testHttp({ kind: 'public', alsoOrigins: [] }),
      awsHttp: testHttp(),
      credentials: async () => ({ accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'key' }),
      awsEndpoint: aws.url,
    })
    expect(await verifier?.verify(await signedBy(secret))).toMatchObject({ kind: 'platform' })
  })

  it('are verified with public keys', async () => {
    const issuer = await authorizationServer()
    const verifier = await verifierOf({ jwksUrl: `${issuer.url}/keys` })
    expect(await verifier?.verify(await signer.sign(ada))).toMatchObject({ kind: 'platform', payload: ada })
  })

  it('name issuer and audience where the settings do', async () => {
    const verifier = await verifierOf({ jwtSecret: secret, jwtIssuer: 'quilt', jwtAudience: 'mcp' })
    expect(await verifier?.verify(await signedBy(secret, { ...ada, iss: 'quilt', aud: 'mcp' }))).toBeDefined()
    expect(await verifier?.verify(await signedBy(secret, { ...ada, iss: 'quilt', aud: 'web' }))).toBeUndefined()
    expect(await verifier?.verify(await signedBy(secret, { ...ada, aud: 'mcp' }))).toBeUndefined()
  })
})

describe('access tokens', () => {
  it.each([`${publicUrl}/mcp`, `${publicUrl}/mcp/platform`])('for %s are verified, with their scopes', async (aud) => {
    const { url } = await authorizationServer()
    const verifier = await verifierOf({ oauthIssuer: url, publicUrl })
    expect(await verifier?.verify(await accessToken(url, { aud, scope: 'platform email' }))).toEqual({
      kind: 'oauth',
      payload: { ...ada, iss: url, aud, scope: 'platform email', exp: expect.any(Number) },
      scopes: ['platform', 'email'],
    })
  })

  it('without the scope are known, and said to lack it', async () => {
    const { url } = await authorizationServer()
    const verifier = await verifierOf({ oauthIssuer: url, publicUrl, oauthScope: 'quilt' })
    expect(await verifier?.verify(await accessToken(url))).toMatchObject({ kind: 'oauth', missingScope: true })
  })

  it('are no platform tokens where both have the same keys: audience and scope count', async () => {
    const { url } = await authorizationServer()
    const verifier = await verifierOf({ oauthIssuer: url, publicUrl, jwksUrl: `${url}/keys` })
    expect(await verifier?.verify(await accessToken(url))).toMatchObject({ kind: 'oauth' })
    await expect(verifier?.verify(await accessToken(url, { aud: 'https://other.example/mcp' }))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    expect(await verifier?.verify(await signer.sign(ada))).toMatchObject({ kind: 'platform' })
  })

  it('need a public address to be meant for', async () => {
    await expect(verifierOf({ oauthIssuer: 'https://connect.example' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: '--oauth-issuer needs --public-url (QUILT_MCP_PUBLIC_URL)',
    })
  })
})

describe('an outage', () => {
  it('of keys is said, and keeps nobody from starting', async () => {
    const problems: unknown[] = []
    const down = await smallServer(() => 'hang up')
    const verifier = await verifierOf({ jwksUrl: `${down.url}/keys` }, { onProblem: (error) => problems.push(error) })
    await expect(verifier?.verify(await signer.sign(ada))).rejects.toMatchObject({ code: 'upstream' })
    expect(problems).toEqual([expect.objectContaining({ code: 'upstream' })])
  })

  it('of one way does not hide what another knows', async () => {
    const down = await smallServer(() => 'hang up')
    const { url } = await authorizationServer()
    const verifier = await verifierOf({ jwksUrl: `${down.url}/keys`, oauthIssuer: url, publicUrl })
    expect(await verifier?.verify(await accessToken(url))).toMatchObject({ kind: 'oauth' })
  })

  it('is none for what is no token of ours by its looks', async () => {
    const down = await smallServer(() => 'hang up')
    const verifier = await verifierOf({ jwksUrl: `${down.url}/keys` })
    expect(await verifier?.verify('qk_abc')).toBeUndefined()
    expect(await verifier?.verify(await signedBy(secret))).toBeUndefined()
  })
})

describe('settings that do not serve', () => {
  it.each<[string, Partial<LocalVerifierConfig>, object]>([
    [
      'a short secret',
      { jwtSecret: 'hunter2' },
      {
        code: 'invalid_input',
        message: '--jwt-secret (QUILT_MCP_JWT_SECRET): the token secret is shorter than 32 bytes',
      },
    ],
    [
      'a file that is not there',
      { jwtSecretFile: '/nowhere/secret' },
      {
        code: 'invalid_input',
        message: '--jwt-secret-file (QUILT_MCP_JWT_SECRET_FILE): /nowhere/secret cannot be read (ENOENT)',
      },
    ],
    [
      'a parameter without a region',
      { jwtSecretParameter: '/quilt/secret' },
      {
        code: 'invalid_input',
        message:
          '--jwt-secret-parameter (QUILT_MCP_JWT_SECRET_PARAMETER): nobody says in which AWS region /quilt/secret is',
      },
    ],
    [
      'two places',
      { jwtSecret: secret, jwtSecretFile: '/nowhere/secret' },
      {
        code: 'invalid_input',
        message:
          'token secrets come from --jwt-secret (QUILT_MCP_JWT_SECRET) and from --jwt-secret-file (QUILT_MCP_JWT_SECRET_FILE)',
      },
    ],
  ])('are named, and their secrets are not: %s', async (_what, config, error) => {
    await expect(verifierOf(config)).rejects.toMatchObject(error)
  })
})
