import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../http/client.js'
import { checkToken } from '../identity.js'
import { refusalOf } from '../test/collect.js'
import { type Answer, type FaultServer, faultServer, json, text, webPage } from '../test/fault-server.js'
import { bundled, run } from '../test/own-process.js'
import { signIn, type UserHome, userHome } from '../test/user-home.js'
import { startWorld, type World } from '../test/world.js'
import { sessionFiles } from './session-files.js'
import { sessionTokens } from './session-tokens.js'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** ada's home after a login at the stack, long ago. */
function adasHome(): UserHome {
  const home = userHome()
  const refresh_token = world.stack.admin.refreshToken('ada')
  home.put('auth.json', {
    [world.stack.registryUrl]: { refresh_token, access_token: 'old', expires_at: 1_700_000_000 },
  })
  return home
}

const tokensOf = (home: UserHome, { registryUrl = world.stack.registryUrl, now = Date.now } = {}) =>
  sessionTokens({ files: sessionFiles(home.folder), registryUrl, http: world.http, now, lookPausesMs: [0, 1] })

const ownerOf = async (token: string) =>
  (await checkToken({ registryUrl: world.stack.registryUrl, token, http: world.http }))?.name

describe('a token that lives', () => {
  it('is the one in the file, and nobody is asked', async () => {
    const home = userHome()
    home.put('auth.json', { 'http://127.0.0.1:9': signIn('ada') })
    expect(await tokensOf(home, { registryUrl: 'http://127.0.0.1:9' }).get()).toBe('access-ada')
  })

  it('of a login elsewhere counts at once', async () => {
    const home = userHome()
    const registryUrl = 'http://127.0.0.1:9'
    home.put('auth.json', { [registryUrl]: signIn('ada') })
    const tokens = tokensOf(home, { registryUrl })
    await tokens.get()
    home.put('auth.json', { [registryUrl]: signIn('grace') })
    expect(await tokens.get()).toBe('access-grace')
    home.put('auth.json', {})
    expect(await refusalOf(tokens.get())).toMatchObject({
      code: 'unauthenticated',
      message: 'You are not signed in to http://127.0.0.1:9',
      hint: 'Sign in with quilt-mcp login (or quilt3 login).',
    })
  })
})

describe('a token that has died', () => {
  it('is refreshed, once for all who wait, and written down', async () => {
    const home = adasHome()
    const tokens = tokensOf(home)
    const [one, other] = await Promise.all([tokens.get(), tokens.get()])
    expect(one).toBe(other)
    expect(await ownerOf(one)).toBe('ada')
    const kept = await sessionFiles(home.folder).tokens(world.stack.registryUrl)
    expect(kept?.accessToken).toBe(one)
    expect(home.mode('auth.json')).toBe('600')
  })

  it('by the registry, though not by our clock, is refreshed', async () => {
    const home = adasHome()
    const tokens = tokensOf(home, { now: () => 1_600_000_000_000 })
    expect(await tokens.get()).toBe('old')
    expect(await ownerOf(await tokens.renew('old'))).toBe('ada')
  })

  it('by a clock that is wrong is refreshed once only', async () => {
    const home = adasHome()
    const tokens = tokensOf(home, { now: () => 4_000_000_000_000 })
    const first = await tokens.get()
    expect(await tokens.get()).toBe(first)
  })

  it('cannot be refreshed when the code is used up: the session is over', async () => {
    const home = adasHome()
    const before = home.text('auth.json')
    await tokensOf(home).get()
    home.put('auth.json', before)
    expect(await refusalOf(tokensOf(home).get())).toMatchObject({
      code: 'unauthenticated',
      message: `Your session at ${world.stack.registryUrl} is over`,
      hint: expect.stringMatching(/^Sign in with quilt-mcp login/),
      details: { reason: 'session-over' },
    })
    expect(home.text('auth.json')).toBe(before)
  })
})

describe('two that refresh at once', () => {
  it('take turns when they are ours: no process loses its session', async () => {
    const home = adasHome()
    const program = await bundled('token-renewer', home.homeDir)
    const ended = await Promise.all([1, 2, 3].map(() => run([program, home.folder, world.stack.registryUrl, '5'])))
    for (const { lines, code } of ended) expect([code, lines]).toEqual([0, Array(5).fill('ada')])
    expect(home.files()).toEqual(['auth.json'])
  })

  it('share what quilt3 was given in the same moment', async () => {
    const home = userHome()
    const meanwhile = signIn('by-quilt3')
    const { registry, tokens } = await aRegistry(home, (request, response, body) => {
      home.put('auth.json', { [registry.url]: meanwhile })
      json({ error: 'The code was used before.' })(request, response, body)
    })
    expect(await tokens.get()).toBe('access-by-quilt3')
    expect(home.json('auth.json')).toEqual({ [registry.url]: meanwhile })
  })

  it('do not bring back somebody who signed out meanwhile', async () => {
    const home = userHome()
    const { tokens } = await aRegistry(home, (request, response, body) => {
      home.put('auth.json', '{}')
      json({ refresh_token: 'r', access_token: 'a', expires_at: 4_000_000_000 })(request, response, body)
    })
    expect((await refusalOf(tokens.get())).message).toMatch(/^You are not signed in to /)
    expect(home.text('auth.json')).toBe('{}')
  })
})

describe('a registry that fails at a refresh', () => {
  it.each([
    ['says 503', text('', 503), 'upstream'],
    ['says 429', text('', 429), 'rate_limited'],
    ['shows a sign-in page', webPage(), 'upstream'],
    ['says something else', json({ hello: 1 }), 'upstream'],
    ['says 401', json({ message: 'no' }, 401), 'unauthenticated'],
    ['repeats the token', json({ error: 'refresh-ada is unknown' }), 'unauthenticated'],
    ['says 400', json({ message: 'no' }, 400), 'unauthenticated'],
  ] as const)('%s: the sign-in stays as it is', async (_, answer, code) => {
    const home = userHome()
    const { registry, tokens } = await aRegistry(home, answer)
    const before = home.text('auth.json')
    const refusal = await refusalOf(tokens.get())
    expect([refusal.code, refusal.hint === undefined]).toEqual([code, false])
    for (let error: unknown = refusal; error instanceof Error; error = error.cause)
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('refresh-ada')
    expect(home.text('auth.json')).toBe(before)
    expect(registry.requests).toEqual(['POST /api/token'])
    expect(registry.bodies).toEqual(['refresh_token=refresh-ada'])
  })
})

/** ada is signed in at a registry that answers as told, and her token has died. */
async function aRegistry(
  home: UserHome,
  answer: Answer,
): Promise<{ registry: FaultServer; tokens: ReturnType<typeof tokensOf> }> {
  const registry = await faultServer(answer)
  const http = createHttpClient({ pauseMs: 1 })
  onTestFinished(() => http.close())
  home.put('auth.json', { [registry.url]: signIn('ada', { expiresInSeconds: 30 }) })
  return { registry, tokens: tokensOf(home, { registryUrl: registry.url }) }
}
