import type { StackUrls } from '@quilt-mcp/backends'
import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createRegistryVerifier } from './registry-verifier.js'
import { tokenKey } from './token-key.js'

const stack = { registryUrl: 'https://registry.example.com' }

const presented = (token: string, at: StackUrls, mayAsk?: () => void) => ({
  token,
  key: tokenKey(token),
  stack: at,
  mayAsk,
})

/** A registry that knows some tokens and counts questions. */
function registry(good: Set<string>) {
  const asked: string[] = []
  const invalid: string[] = []
  const clock = { now: 0 }
  const verifier = createRegistryVerifier({
    check: (token) => {
      asked.push(token)
      return Promise.resolve(good.has(token) ? { name: 'ada', role: 'reader' } : undefined)
    },
    onInvalid: (token) => invalid.push(token),
    now: () => clock.now,
  })
  return { verifier, asked, invalid, clock }
}

describe('the token verifier', () => {
  it('asks the registry once a minute for a good token', async () => {
    const { verifier, asked, clock } = registry(new Set(['a']))
    await verifier.verify(presented('a', stack))
    clock.now = 59_000
    await verifier.verify(presented('a', stack))
    expect(asked).toEqual(['a'])
    clock.now = 61_000
    await verifier.verify(presented('a', stack))
    expect(asked).toEqual(['a', 'a'])
  })

  it('remembers a bad token for five seconds', async () => {
    const good = new Set<string>()
    const { verifier, asked, clock, invalid } = registry(good)
    await expect(verifier.verify(presented('b', stack))).rejects.toMatchObject({ code: 'unauthenticated' })
    good.add('b')
    await expect(verifier.verify(presented('b', stack))).rejects.toMatchObject({ code: 'unauthenticated' })
    clock.now = 5_001
    await verifier.verify(presented('b', stack))
    expect({ asked, invalid }).toEqual({ asked: ['b', 'b'], invalid: ['b'] })
  })

  it('asks one question for requests that come at the same time, and none for another token', async () => {
    const { verifier, asked } = registry(new Set(['a', 'c']))
    await Promise.all([
      verifier.verify(presented('a', stack)),
      verifier.verify(presented('a', stack)),
      verifier.verify(presented('c', stack)),
      verifier.verify(presented('a', stack)),
    ])
    expect(asked).toEqual(['a', 'c'])
  })

  it('says that the registry does not answer, and does not remember it', async () => {
    let down = true
    const verifier = createRegistryVerifier({
      check: () =>
        down
          ? Promise.reject(new QuiltError('upstream', 'the registry is down'))
          : Promise.resolve({ name: 'ada', role: 'reader' }),
    })
    await expect(verifier.verify(presented('a', stack))).rejects.toMatchObject({ code: 'upstream' })
    down = false
    await verifier.verify(presented('a', stack))
  })

  it('asks again for a token it was told to forget', async () => {
    const { verifier, asked } = registry(new Set(['a']))
    await verifier.verify(presented('a', stack))
    verifier.forget('a')
    await verifier.verify(presented('a', stack))
    expect(asked).toHaveLength(2)
  })

  it('does not share what one registry says of a token with another', async () => {
    const { verifier, asked } = registry(new Set(['a']))
    await verifier.verify(presented('a', stack))
    await verifier.verify(presented('a', { registryUrl: 'https://other.example.com' }))
    await verifier.verify(presented('a', { catalogUrl: 'https://registry.example.com' }))
    expect(asked).toHaveLength(3)
  })

  it('believes no answer for longer than the token itself says', async () => {
    const exp = Buffer.from(JSON.stringify({ id: '1', exp: 30 })).toString('base64url')
    const token = `e30.${exp}.c2ln`
    const { verifier, asked, clock } = registry(new Set([token]))
    await verifier.verify(presented(token, stack))
    clock.now = 29_999
    await verifier.verify(presented(token, stack))
    expect(asked).toHaveLength(1)
    clock.now = 30_000
    await verifier.verify(presented(token, stack))
    expect(asked).toHaveLength(2)
  })

  it('does not keep an answer to a question from before it was told to forget', async () => {
    const answers: ((user: { name: string; role: string }) => void)[] = []
    const verifier = createRegistryVerifier({ check: () => new Promise((resolve) => answers.push(resolve)) })
    const first = verifier.verify(presented('a', stack))
    verifier.forget('a')
    answers[0]?.({ name: 'ada', role: 'reader' })
    await first
    const second = verifier.verify(presented('a', stack))
    expect(answers).toHaveLength(2)
    answers[1]?.({ name: 'ada', role: 'reader' })
    await second
  })

  it('asks nobody when it may not, and serves what it knows all the same', async () => {
    const { verifier, asked } = registry(new Set(['a']))
    const never = () => {
      throw new QuiltError('rate_limited', 'wait')
    }
    await verifier.verify(presented('a', stack))
    await verifier.verify(presented('a', stack, never))
    await expect(verifier.verify(presented('b', stack, never))).rejects.toMatchObject({ code: 'rate_limited' })
    expect(asked).toEqual(['a'])
  })

  it('tells when a user has another role than before, and what cannot be told apart from that', async () => {
    let role = 'reader'
    const clock = { now: 0 }
    const told: string[] = []
    const verifier = createRegistryVerifier({
      check: () => Promise.resolve({ name: 'ada', role }),
      onOtherRole: (token) => told.push(`${token} ${role}`),
      now: () => clock.now,
    })
    const later = async (ms: number) => {
      clock.now += ms
      await verifier.verify(presented('a', stack))
    }
    await later(0)
    await later(61_000)
    role = 'writer'
    await later(30_000)
    await later(31_000)
    await later(61_000)
    expect(told).toEqual(['a reader', 'a writer'])
  })
})
