import { describe, expect, it } from 'vitest'
import { type Answer, type Asked, type SmallServer, smallServer, testHttp } from '../test/small-server.js'
import { secretsManagerSource, ssmParameterSource } from './aws-secret-source.js'
import { rotatingSecrets } from './rotating-secrets.js'
import type { SecretSource } from './secret-source.js'

const secret = 'a secret of more than thirty-two bytes'
const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:quilt/jwt-AbCdEf'
const parameterArn = 'arn:aws:ssm:eu-central-1:123456789012:parameter/quilt/jwt'

const json = { 'content-type': 'application/x-amz-json-1.1' }
const failing =
  (name: string, status = 400): Answer =>
  () => ({ status, headers: json, body: { __type: name, message: `about ${secret}` } })

/** What both services answer: each reads what it knows. */
const holding =
  (text: string): Answer =>
  () => ({ headers: json, body: { SecretString: text, Parameter: { Value: text, Type: 'SecureString' } } })

const depsOf = (server: SmallServer) => ({
  http: testHttp(),
  credentials: async () => ({ accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'key', sessionToken: 'session' }),
  endpoint: server.url,
})

const read = (source: SecretSource): Promise<string> => source.read(AbortSignal.timeout(10_000))

const said = ({ headers, body }: Asked) => ({
  target: headers['x-amz-target'],
  region: /Credential=AKIAOPERATOR\/\d+\/([\w-]+\/\w+)\//.exec(headers.authorization ?? '')?.[1],
  body: JSON.parse(body) as unknown,
})

describe('a secret of Secrets Manager', () => {
  it('is asked for in its own region, as the operator', async () => {
    const server = await smallServer(holding(secret))
    expect(await read(secretsManagerSource(secretArn, { ...depsOf(server), region: 'us-east-1' }))).toBe(secret)
    expect(server.asked.map(said)).toEqual([
      {
        target: 'secretsmanager.GetSecretValue',
        region: 'eu-west-1/secretsmanager',
        body: { SecretId: secretArn },
      },
    ])
    expect(server.asked[0]?.headers['x-amz-security-token']).toBe('session')
  })

  it('is refused when it holds bytes', async () => {
    const server = await smallServer(() => ({ headers: json, body: { SecretBinary: 'AAAA' } }))
    await expect(read(secretsManagerSource(secretArn, depsOf(server)))).rejects.toMatchObject({
      code: 'invalid_input',
      message: `${secretArn} holds no text`,
    })
  })
})

describe('a parameter of SSM', () => {
  it.each([
    ['/quilt/jwt', 'us-east-1/ssm'],
    [parameterArn, 'eu-central-1/ssm'],
  ])('is asked for decrypted: %s in %s', async (name, region) => {
    const server = await smallServer(holding(secret))
    expect(await read(ssmParameterSource(name, { ...depsOf(server), region: 'us-east-1' }))).toBe(secret)
    expect(server.asked.map(said)).toEqual([
      { target: 'AmazonSSM.GetParameter', region, body: { Name: name, WithDecryption: true } },
    ])
  })

  it('by name needs a region', async () => {
    const server = await smallServer(holding(secret))
    expect(() => ssmParameterSource('/quilt/jwt', depsOf(server))).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    )
    expect(server.asked).toEqual([])
  })
})

describe.each([
  ['Secrets Manager', secretArn, secretsManagerSource],
  ['SSM', parameterArn, ssmParameterSource],
])('%s', (_service, name, sourceOf) => {
  it.each([
    ['AccessDeniedException', 'forbidden'],
    ['ResourceNotFoundException', 'not_found'],
    ['ParameterNotFound', 'not_found'],
    ['ExpiredTokenException', 'unauthenticated'],
    ['UnrecognizedClientException', 'unauthenticated'],
    ['ValidationException', 'invalid_input'],
    ['DecryptionFailure', 'upstream'],
  ])('that answers %s is said in our words: %s', async (awsName, code) => {
    const server = await smallServer(failing(awsName))
    const error: unknown = await read(sourceOf(name, depsOf(server))).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, hint: expect.any(String), details: { aws: awsName } })
    expect(String(error)).toContain(name)
    expect(String(error)).not.toContain(secret)
  })

  it('is asked again when it is busy, and given up after three times', async () => {
    let failures = 0
    const server = await smallServer((asked) =>
      ++failures <= 2 ? failing('InternalServiceError', 500)(asked) : holding(secret)(asked),
    )
    expect(await read(sourceOf(name, depsOf(server)))).toBe(secret)
    server.answer(failing('InternalServiceError', 503))
    await expect(read(sourceOf(name, depsOf(server)))).rejects.toMatchObject({ code: 'upstream' })
    expect(server.asked).toHaveLength(6)
  })

  it('that does not answer takes away no secret that is known', async () => {
    const server = await smallServer(holding(secret))
    const state = { nowMs: 0, problems: [] as unknown[] }
    const secrets = await rotatingSecrets({
      source: sourceOf(name, depsOf(server)),
      onProblem: (error) => state.problems.push(error),
      now: () => state.nowMs,
    })
    server.answer(() => 'hang up')
    state.nowMs = 1_200_000
    expect((await secrets.find('k1'))?.export().toString()).toBe(secret)
    expect(state.problems).toEqual([expect.objectContaining({ code: 'upstream' })])
  })

  it('that keeps silent is not waited for longer than the reader wants', async () => {
    const server = await smallServer(() => 'silence')
    await expect(sourceOf(name, depsOf(server)).read(AbortSignal.timeout(50))).rejects.toThrow()
    expect(server.asked.length).toBeLessThanOrEqual(1)
  })

  it('is not asked without an identity', async () => {
    const server = await smallServer(holding(secret))
    const credentials = () => Promise.reject(new Error('no identity'))
    await expect(read(sourceOf(name, { ...depsOf(server), credentials }))).rejects.toThrow('no identity')
    expect(server.asked).toEqual([])
  })
})
