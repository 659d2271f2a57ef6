import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aStack, type TestStack } from '../test/a-stack.js'

let world: TestStack
beforeAll(async () => {
  world = await aStack()
})
afterAll(() => world.close())

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const answerOf = async (answer: Response): Promise<unknown> => ({ status: answer.status, body: await answer.json() })
const tokens = z.object({ refresh_token: z.string(), access_token: z.string(), expires_at: z.number() })
const session = z.object({ token: z.string(), exp: z.number() })
const userOf = async (token: string): Promise<unknown> => (await world.call('/api/me', { token })).json()

describe('/config.json', () => {
  it('names the registry everywhere, and leaves nothing empty that clients need', async () => {
    const { registryUrl } = world.stack
    expect(await (await world.call('/config.json')).json()).toEqual({
      region: 'us-east-1',
      registryUrl,
      s3Proxy: registryUrl,
      apiGatewayEndpoint: registryUrl,
      serviceBucket: 'quilt-stack-service',
      analyticsBucket: 'quilt-stack-analytics',
      mode: 'PRODUCT',
      alwaysRequiresAuth: true,
      passwordAuth: 'SIGN_IN_ONLY',
      ssoAuth: 'DISABLED',
      ssoProviders: '',
      stackVersion: '0.1.0',
      mixpanelToken: '',
    })
  })
})

describe('signing in', () => {
  it('takes name and password, and gives a session until exp', async () => {
    const answer = await world.call('/api/login', json({ username: 'ada', password: 'ada-password' }))
    const { token, exp } = session.parse(await answer.json())
    expect(exp * 1000).toBeGreaterThan(Date.now())
    expect(await userOf(token)).toEqual({
      name: 'ada',
      email: 'ada@example.com',
      isAdmin: false,
      role: 'analysts-a',
      roles: ['analysts-a'],
    })
  })

  it('says 401 for a wrong password and 400 for a body that is none', async () => {
    const wrong = { status: 401, body: { message: 'User name or password is wrong.' } }
    expect(await answerOf(await world.call('/api/login', json({ username: 'ada', password: 'x' })))).toEqual(wrong)
    expect(await answerOf(await world.call('/api/login', json({ username: 'nobody', password: 'x' })))).toEqual(wrong)
    expect((await world.call('/api/login', json({ username: 'ada' }))).status).toBe(400)
    expect((await world.call('/api/login', { method: 'POST', body: '{' })).status).toBe(400)
  })

  it('trades the code for tokens by a form, once, and each refresh token for the next', async () => {
    const { code } = z
      .object({ code: z.string() })
      .parse(await (await world.call('/api/code', { token: world.ada })).json())
    const trade = async (refresh_token: string): Promise<unknown> =>
      (await world.call('/api/token', { method: 'POST', body: new URLSearchParams({ refresh_token }) })).json()
    const first = tokens.parse(await trade(code))
    expect(await userOf(first.access_token)).toMatchObject({ name: 'ada' })
    expect(await trade(code)).toEqual({ error: 'The code is unknown, expired or was used before.' })
    expect(tokens.parse(await trade(first.refresh_token)).access_token).not.toBe(first.access_token)
  })

  it('shows the code on /login', async () => {
    expect(await (await world.call('/login')).text()).toContain('<form method="post" action="/login">')
    const signIn = (password: string): Promise<Response> =>
      world.call('/login', { method: 'POST', body: new URLSearchParams({ username: 'ada', password }) })
    expect((await signIn('<b>')).status).toBe(401)
    const code = /<code>([\w-]+)<\/code>/.exec(await (await signIn('ada-password')).text())?.[1] ?? ''
    const body = new URLSearchParams({ refresh_token: code })
    tokens.parse(await (await world.call('/api/token', { method: 'POST', body })).json())
  })

  it('refreshes a session, and ends one at logout', async () => {
    const old = await world.stack.admin.sessionToken('ada')
    const { token } = session.parse(await (await world.call('/api/refresh', { method: 'POST', token: old })).json())
    expect((await world.call('/api/logout', { method: 'POST', token })).status).toBe(200)
    expect(await answerOf(await world.call('/api/me', { token }))).toEqual({
      status: 401,
      body: { message: 'The token is invalid, expired or revoked. Sign in again.' },
    })
    expect((await world.call('/api/me', { token: old })).status).toBe(200)
  })
})

describe('the token of a request', () => {
  it('comes with or without Bearer, as session or API key', async () => {
    const key = world.stack.admin.apiKey('ada')
    for (const authorization of [world.ada, `Bearer ${world.ada}`, key, `bearer ${key}`])
      expect((await world.call('/api/me', { headers: { authorization } })).status).toBe(200)
    expect((await world.call('/api/me')).status).toBe(401)
  })

  it('is refused by GraphQL when it is not live', async () => {
    const answer = await world.call('/graphql', { token: 'x.y.z', ...json({ query: '{ me { name } }' }) })
    expect(answer.status).toBe(401)
  })

  it('of an API key turns into nothing that outlives it', async () => {
    const token = world.stack.admin.apiKey('ada')
    expect((await world.call('/api/code', { token })).status).toBe(403)
    expect((await world.call('/api/refresh', { token, method: 'POST' })).status).toBe(403)
  })
})

describe('/api/auth/get_credentials', () => {
  it('gives credentials of the active role in the form of formats.md 5.5', async () => {
    const answer = await world.call('/api/auth/get_credentials', { token: world.ada })
    expect(await answer.json()).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
    })
  })

  it('says 403 where there is no exchange', async () => {
    const closed = await aStack({ credentialExchange: false })
    try {
      expect(await answerOf(await closed.call('/api/auth/get_credentials', { token: closed.ada }))).toEqual({
        status: 403,
        body: { message: 'This stack gives no AWS credentials to its users.' },
      })
    } finally {
      await closed.close()
    }
  })
})

describe('the rest', () => {
  it('checks names of packages', async () => {
    const valid = async (name: string): Promise<unknown> =>
      (await world.call('/api/package_name_valid', { token: world.ada, ...json({ name }) })).json()
    expect(await valid('ns/name')).toEqual({ valid: true })
    expect(await valid('name')).toEqual({ valid: false })
  })

  it('answers what it does not have with 404, and long bodies with 413, as JSON', async () => {
    expect(await answerOf(await world.call('/api/users/list_users'))).toEqual({
      status: 404,
      body: { message: 'This stack does not have that call of the registry.' },
    })
    const long = await world.call('/api/login', json({ username: 'x'.repeat(70_000), password: '' }))
    expect(await answerOf(long)).toEqual({ status: 413, body: { message: 'The body is longer than 65536 bytes.' } })
  })
})
