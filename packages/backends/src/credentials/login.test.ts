import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../test/collect.js'
import { faultServer, json } from '../test/fault-server.js'
import { signIn, type UserHome, userHome } from '../test/user-home.js'
import { startWorld, type World } from '../test/world.js'
import { type LoginTargetOptions, logIn, loginTarget, logOut } from './login.js'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const targetOf = (home: UserHome, options: Partial<LoginTargetOptions> = {}) =>
  loginTarget({ ...home, http: world.http, ...options })
const codeOf = (user: string) => world.stack.admin.refreshToken(user)

describe('a login that names its catalog', () => {
  it('writes settings, tokens and credentials as quilt3 does', async () => {
    const home = userHome()
    const url = world.stack.registryUrl
    const target = await targetOf(home, { catalog: `${url}/` })
    expect(target).toMatchObject({ folder: home.folder, registryUrl: url, catalogUrl: url, loginPage: `${url}/login` })
    expect(await logIn(` ${codeOf('ada')}\n`, { target, http: world.http })).toEqual({
      user: { name: 'ada', email: 'ada@example.com', isAdmin: false, role: 'lab-a', roles: ['lab-a'] },
    })
    expect(home.files()).toEqual(['auth.json', 'config.yml', 'credentials.json'])
    expect(home.text('config.yml')).toContain(`\nnavigator_url: ${url}\nregion: us-east-1\nregistryUrl: ${url}\n`)
    expect(home.json('auth.json')).toEqual({
      [url]: { refresh_token: expect.any(String), access_token: expect.any(String), expires_at: expect.any(Number) },
    })
    expect(home.json('credentials.json')).toEqual({
      access_key: expect.stringMatching(/^ASIA/),
      secret_key: expect.any(String),
      token: expect.any(String),
      expiry_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
    })
    expect(['auth.json', 'credentials.json'].map(home.mode)).toEqual(['600', '600'])
  })

  it('needs no https:// before its name', async () => {
    const home = userHome()
    expect(await refusalOf(targetOf(home, { catalog: '127.0.0.1:9' }))).toMatchObject({ code: 'upstream' })
    expect(await refusalOf(targetOf(home, { catalog: 'ftp://x' }))).toMatchObject({ code: 'invalid_input' })
  })

  it('changes nothing when the code is not taken', async () => {
    const home = userHome()
    home.put('config.yml', 'registryUrl: https://old.example.com\n')
    const target = await targetOf(home, { catalog: world.stack.registryUrl })
    expect(await refusalOf(logIn('used-before', { target, http: world.http }))).toMatchObject({
      code: 'unauthenticated',
      message: 'The registry did not take the sign-in code (The code is unknown, expired or was used before.)',
    })
    expect(home.files()).toEqual(['config.yml'])
    expect(home.text('config.yml')).toBe('registryUrl: https://old.example.com\n')
  })

  it('removes AWS credentials that were there, when the new stack gives none', async () => {
    const home = userHome()
    const registry = await faultServer((request, response, body) => {
      const answers: Record<string, unknown> = {
        '/config.json': { registryUrl: registry.url },
        '/api/token': { refresh_token: 'r', access_token: 'a', expires_at: 4_000_000_000 },
      }
      const answer = answers[request.url ?? '']
      json(answer ?? { message: 'no' }, answer === undefined ? 403 : 200)(request, response, body)
    })
    home.put('credentials.json', { access_key: 'of-another-stack' })
    const target = await targetOf(home, { catalog: registry.url })
    expect(await logIn('code', { target, http: world.http })).toEqual({
      withoutCredentials: 'The registry gives you no AWS credentials, so objects in buckets cannot be reached directly',
    })
    expect(home.text('credentials.json')).toBe('{}')
  })
})

describe('a login that names none', () => {
  it('goes where the settings say, and leaves them', async () => {
    const home = userHome()
    const config = `registryUrl: ${world.stack.registryUrl}/\n`
    home.put('config.yml', config)
    const target = await targetOf(home)
    await logIn(codeOf('ada'), { target, http: world.http })
    expect(home.text('config.yml')).toBe(config)
    expect(Object.keys(Object(home.json('auth.json')))).toEqual([`${world.stack.registryUrl}/`])
    expect(home.json('credentials.json')).toHaveProperty('access_key')
  })

  it("goes to another registry when told so, and leaves what is quilt3's: settings and AWS credentials", async () => {
    const home = userHome()
    home.put('config.yml', 'registryUrl: https://other.example.com\n')
    home.put('auth.json', { 'https://other.example.com': signIn('other') })
    home.put('credentials.json', { access_key: 'other' })
    const target = await targetOf(home, { registryUrl: world.stack.registryUrl })
    await logIn(codeOf('ada'), { target, http: world.http })
    expect(home.text('config.yml')).toBe('registryUrl: https://other.example.com\n')
    expect(Object.keys(Object(home.json('auth.json')))).toEqual(['https://other.example.com', world.stack.registryUrl])
    expect(home.json('credentials.json')).toEqual({ access_key: 'other' })
  })

  it('becomes the first settings when there are none', async () => {
    const home = userHome()
    const target = await targetOf(home, { catalogUrl: world.stack.registryUrl })
    await logIn(codeOf('ada'), { target, http: world.http })
    expect(home.text('config.yml')).toContain(`\nregistryUrl: ${world.stack.registryUrl}\n`)
  })

  it('does not know where to go without any', async () => {
    expect(await refusalOf(targetOf(userHome()))).toMatchObject({
      code: 'invalid_input',
      message: 'it is not known where to sign in',
      hint: 'Name your catalog: quilt-mcp login https://your-catalog.example.com',
    })
  })
})

it.each([
  ['  ', 'there is no code'],
  ['qk_secret', 'this is an API key, not the code of the login page'],
])('the code %j is refused, and nothing is sent or written', async (code, message) => {
  const home = userHome()
  const target = { folder: home.folder, registryUrl: 'http://127.0.0.1:9', loginPage: '' }
  const refusal = await refusalOf(logIn(code, { target, http: world.http }))
  expect([refusal.code, refusal.message]).toEqual(['invalid_input', message])
})

describe('a logout', () => {
  it('ends all sign-ins', async () => {
    const home = userHome()
    home.put('auth.json', { 'https://a.example.com': signIn('a') })
    home.put('credentials.json', { access_key: 'A' })
    expect(await logOut(home)).toEqual([home.folder])
    expect([home.text('auth.json'), home.text('credentials.json')]).toEqual(['{}', '{}'])
    expect(await logOut(home)).toEqual([])
  })

  it('of somebody who never signed in makes no files', async () => {
    const home = userHome()
    expect(await logOut(home)).toEqual([])
    expect(() => home.files()).toThrow('ENOENT')
  })
})
