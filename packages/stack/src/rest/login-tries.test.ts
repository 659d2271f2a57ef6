import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aStack, type TestStack } from '../test/a-stack.js'
import { loginTries } from './login-tries.js'

function setUp(options: { readonly remembered?: number } = {}) {
  let nowMs = 0
  const tries = loginTries({ now: () => new Date(nowMs), most: 3, seconds: 60, ...options })
  const begin = (user: string, address = '127.0.0.1') => tries.begin(user, address)
  return { tries, begin, advance: (ms: number) => (nowMs += ms) }
}

describe('tries of a password', () => {
  it('are three, then the pause until the first of them is a minute old', () => {
    const { begin, advance } = setUp()
    expect([begin('ada'), begin('ada')]).toEqual([undefined, undefined])
    advance(20_000)
    expect([begin('ada'), begin('ada')]).toEqual([undefined, 40])
    advance(39_001)
    expect(begin('ada')).toBe(1)
    advance(999)
    expect(begin('ada')).toBeUndefined()
  })

  it('count for each user and each address by itself', () => {
    const { begin } = setUp()
    for (let n = 0; n < 4; n += 1) begin('ada')
    expect([begin('ada'), begin('grace'), begin('ada', '::1')]).toEqual([60, undefined, undefined])
  })

  it('are forgotten when the password was right', () => {
    const { tries, begin } = setUp()
    for (let n = 0; n < 3; n += 1) begin('ada')
    tries.succeed('ada', '127.0.0.1')
    expect(begin('ada')).toBeUndefined()
  })

  it('take bounded memory: the oldest leave', () => {
    const { begin } = setUp({ remembered: 2 })
    for (let n = 0; n < 3; n += 1) begin('ada')
    begin('b')
    expect(begin('ada')).toBe(60)
    begin('c')
    expect(begin('ada')).toBeUndefined()
  })
})

describe('signing in again and again with wrong passwords', () => {
  let world: TestStack
  beforeAll(async () => {
    world = await aStack()
  })
  afterAll(() => world.close())

  const api = (username: string, password: string): Promise<Response> =>
    world.call('/api/login', { method: 'POST', body: JSON.stringify({ username, password }) })
  const page = (username: string, password: string): Promise<Response> =>
    world.call('/login', { method: 'POST', body: new URLSearchParams({ username, password }) })

  it('ends with 429 at both doors, for the right password, too, and for this user only', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => (await (n % 2 === 0 ? api : page)('ada', 'guess')).status),
    )
    expect(statuses.sort()).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    const answer = await api('ada', 'ada-password')
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.closeTo(300, -2)])
    expect(await answer.json()).toEqual({
      message: expect.stringMatching(/^Too many tries. Try again in \d+ seconds.$/),
    })
    const shown = await page('ada', 'ada-password')
    expect([shown.status, await shown.text()]).toEqual([429, expect.not.stringContaining('<code>')])
    expect((await api('grace', 'grace-password')).status).toBe(200)
  })

  it('is no matter for one who signs in often', async () => {
    for (let n = 0; n < 12; n += 1) expect((await api('grace', 'grace-password')).status).toBe(200)
  })
})
