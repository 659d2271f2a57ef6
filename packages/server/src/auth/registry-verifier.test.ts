import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createRegistryVerifier } from './registry-verifier.js'

/** A registry that knows some tokens and counts questions. */
function registry(good: Set<string>) {
  const asked: string[] = []
  const invalid: string[] = []
  const clock = { now: 0 }
  const verifier = createRegistryVerifier({
    check: (token) => {
      asked.push(token)
      return Promise.resolve(good.has(token) ? { name: 'ada' } : undefined)
    },
    onInvalid: (token) => invalid.push(token),
    now: () => clock.now,
  })
  return { verifier, asked, invalid, clock }
}

describe('the token verifier', () => {
  it('asks the registry once a minute for a good token', async () => {
    const { verifier, asked, clock } = registry(new Set(['a']))
    await verifier.verify('a')
    clock.now = 59_000
    await verifier.verify('a')
    expect(asked).toEqual(['a'])
    clock.now = 61_000
    await verifier.verify('a')
    expect(asked).toEqual(['a', 'a'])
  })

  it('remembers a bad token for five seconds', async () => {
    const good = new Set<string>()
    const { verifier, asked, clock, invalid } = registry(good)
    await expect(verifier.verify('b')).rejects.toMatchObject({ code: 'unauthenticated' })
    good.add('b')
    await expect(verifier.verify('b')).rejects.toMatchObject({ code: 'unauthenticated' })
    clock.now = 5_001
    await verifier.verify('b')
    expect({ asked, invalid }).toEqual({ asked: ['b', 'b'], invalid: ['b'] })
  })

  it('asks one question for requests that come at the same time, and none for another token', async () => {
    const { verifier, asked } = registry(new Set(['a', 'c']))
    await Promise.all([verifier.verify('a'), verifier.verify('a'), verifier.verify('c'), verifier.verify('a')])
    expect(asked).toEqual(['a', 'c'])
  })

  it('says that the registry does not answer, and does not remember it', async () => {
    let down = true
    const verifier = createRegistryVerifier({
      check: () => (down ? Promise.reject(new QuiltError('upstream', 'the registry is down')) : Promise.resolve({})),
    })
    await expect(verifier.verify('a')).rejects.toMatchObject({ code: 'upstream' })
    down = false
    await verifier.verify('a')
  })

  it('asks again for a token it was told to forget', async () => {
    const { verifier, asked } = registry(new Set(['a']))
    await verifier.verify('a')
    verifier.forget('a')
    await verifier.verify('a')
    expect(asked).toHaveLength(2)
  })
})
