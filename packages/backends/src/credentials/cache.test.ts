import { QuiltError } from '@quilt-mcp/core'
import { describe, expect, it } from 'vitest'
import { createCredentialCache } from './cache.js'
import type { AwsCredentials, ExchangeOutcome } from './outcome.js'

const minute = 60_000
const credentialsFor = (accessKeyId: string, expiresAtMs: number): AwsCredentials => ({
  accessKeyId,
  secretAccessKey: 's',
  sessionToken: 't',
  expiresAtMs,
})

/** A cache with a clock that is set by hand and an exchange that counts. */
function setUp({ lifeMs = 60 * minute, max = 10 } = {}) {
  let nowMs = 0
  let exchanges = 0
  const cache = createCredentialCache({ max, now: () => nowMs })
  const exchange = async (): Promise<ExchangeOutcome> => {
    exchanges += 1
    return { kind: 'credentials', credentials: credentialsFor(`key-${exchanges}`, nowMs + lifeMs) }
  }
  const key = cache.keyOf({ stack: 'https://a', token: 't' })
  const idNow = async () => {
    const outcome = await cache.get(key, exchange)
    return outcome.kind === 'credentials' ? outcome.credentials.accessKeyId : 'refused'
  }
  return { cache, key, idNow, exchange, advance: (ms: number) => (nowMs += ms), count: () => exchanges }
}

describe('credential cache', () => {
  it('exchanges once for callers at the same time and later ones', async () => {
    const { idNow, count } = setUp()
    expect(await Promise.all([idNow(), idNow(), idNow()])).toEqual(['key-1', 'key-1', 'key-1'])
    expect(await idNow()).toBe('key-1')
    expect(count()).toBe(1)
  })

  it('exchanges again five minutes before the end', async () => {
    const { idNow, advance } = setUp()
    expect(await idNow()).toBe('key-1')
    advance(55 * minute - 1)
    expect(await idNow()).toBe('key-1')
    advance(1)
    expect(await idNow()).toBe('key-2')
  })

  it('keeps credentials of a short life for half of it', async () => {
    const { idNow, advance } = setUp({ lifeMs: 2 * minute })
    expect(await idNow()).toBe('key-1')
    advance(minute - 1)
    expect(await idNow()).toBe('key-1')
    advance(1)
    expect(await idNow()).toBe('key-2')
  })

  it('keeps new credentials that seem to be over: the clock is wrong', async () => {
    const { idNow, advance } = setUp({ lifeMs: -60 * minute })
    expect([await idNow(), await idNow()]).toEqual(['key-1', 'key-1'])
    advance(5 * minute)
    expect(await idNow()).toBe('key-2')
  })

  it('respects a refusal for a minute', async () => {
    const { cache, key, idNow, advance } = setUp()
    const refused = async (): Promise<ExchangeOutcome> => ({
      kind: 'refused',
      error: new QuiltError('forbidden', 'no'),
    })
    expect((await cache.get(key, refused)).kind).toBe('refused')
    advance(minute - 1)
    expect(await idNow()).toBe('refused')
    advance(1)
    expect(await idNow()).toBe('key-1')
  })

  it('does not keep a failure', async () => {
    const { cache, key, idNow } = setUp()
    await expect(cache.get(key, async () => Promise.reject(new Error('registry down')))).rejects.toThrow(
      'registry down',
    )
    expect(await idNow()).toBe('key-1')
  })

  it('drops what AWS refuses, but not what has replaced it', async () => {
    const { cache, key, idNow } = setUp()
    await idNow()
    cache.drop(key, credentialsFor('key-1', 0))
    expect(await idNow()).toBe('key-2')
    cache.drop(key, credentialsFor('key-1', 0))
    expect(await idNow()).toBe('key-2')
  })

  it('keeps stacks, tokens and roles apart, and holds no token', () => {
    const { cache } = setUp()
    const keys = [
      cache.keyOf({ stack: 'https://a', token: 'secret' }),
      cache.keyOf({ stack: 'https://b', token: 'secret' }),
      cache.keyOf({ stack: 'https://a', token: 'other' }),
      cache.keyOf({ stack: 'https://a', token: 'secret', role: 'reader' }),
    ]
    expect(new Set(keys).size).toBe(4)
    expect(keys.join()).not.toContain('secret')
  })

  it('drops all of a token, whatever the role, and nothing of another token or stack', async () => {
    const { cache, exchange, count } = setUp()
    const ada = { stack: 'https://a', token: 't' }
    const hers = [ada, { ...ada, role: 'reader' }, { ...ada, role: 'writer' }].map(cache.keyOf)
    const others = [
      { ...ada, token: 't2' },
      { ...ada, stack: 'https://b' },
    ].map(cache.keyOf)
    for (const key of [...hers, ...others]) await cache.get(key, exchange)
    cache.dropAll(ada)
    for (const key of others) await cache.get(key, exchange)
    expect(count()).toBe(5)
    for (const key of hers) await cache.get(key, exchange)
    expect(count()).toBe(8)
  })

  it('drops a refusal with the rest, and what is still under way for those who come later', async () => {
    const { cache, key, idNow } = setUp()
    const holder = { stack: 'https://a', token: 't' }
    await cache.get(key, async () => ({ kind: 'refused', error: new QuiltError('forbidden', 'no') }))
    cache.dropAll(holder)
    let answer = (_outcome: ExchangeOutcome) => {}
    const slow = cache.get(key, () => new Promise((resolve) => (answer = resolve)))
    cache.dropAll(holder)
    expect(await idNow()).toBe('key-1')
    answer({ kind: 'credentials', credentials: credentialsFor('key-of-the-old-role', 60 * minute) })
    expect(await slow).toMatchObject({ credentials: { accessKeyId: 'key-of-the-old-role' } })
    expect(await idNow()).toBe('key-1')
  })

  it('is bounded', async () => {
    const { cache, exchange, count } = setUp({ max: 2 })
    for (const token of ['a', 'b', 'c', 'a']) await cache.get(cache.keyOf({ stack: '', token }), exchange)
    expect(count()).toBe(4)
  })
})
