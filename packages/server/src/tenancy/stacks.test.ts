import { describe, expect, it } from 'vitest'
import { createAllowList } from './allow-list.js'
import { createStacks } from './stacks.js'

const home = { catalogUrl: 'https://home.example.com', registryUrl: 'https://home-registry.example.com' }
const allowed = createAllowList(['a.example.com', 'a-registry.example.com', 'b.example.com'])
const stacks = createStacks(home, allowed)
const forbidden = (reason: string) => expect.objectContaining({ code: 'forbidden', details: { reason } })

describe('the stack of a verified token', () => {
  it('is the configured one where the token names none', () => {
    expect(stacks.ofToken({}, undefined)).toBe(home)
  })

  it('is the configured one where the token names it, whole or in part, with any path', () => {
    for (const claimed of [
      home,
      { catalogUrl: 'https://home.example.com/' },
      { registryUrl: 'https://HOME-registry.example.com/graphql' },
    ]) {
      expect(stacks.ofToken(claimed, undefined)).toBe(home)
    }
  })

  it('is the one the token names, when each of its hosts is allowed', () => {
    const claimed = { catalogUrl: 'https://a.example.com/b/x', registryUrl: 'https://a-registry.example.com' }
    expect(stacks.ofToken(claimed, undefined)).toEqual({
      catalogUrl: 'https://a.example.com',
      registryUrl: 'https://a-registry.example.com',
    })
  })

  it.each([
    ['a foreign catalog', { catalogUrl: 'https://evil.example.com' }],
    [
      'a foreign registry of an allowed catalog',
      { catalogUrl: 'https://a.example.com', registryUrl: 'https://evil.com' },
    ],
    ['a foreign registry of the configured catalog', { ...home, registryUrl: 'https://evil.com' }],
    ['the metadata service', { registryUrl: 'http://169.254.169.254' }],
    ['no URL at all', { catalogUrl: 'home.example.com' }],
  ])('is none where the token names %s: never the configured one instead', (_what, claimed) => {
    expect(() => stacks.ofToken(claimed, undefined)).toThrow(forbidden('catalog-not-allowed'))
  })

  it('is not changed by the request: it may only say the same', () => {
    const claimed = { catalogUrl: 'https://a.example.com' }
    expect(stacks.ofToken(claimed, 'https://a.example.com/')).toMatchObject(claimed)
    expect(() => stacks.ofToken(claimed, 'https://b.example.com')).toThrow(forbidden('other-catalog'))
    expect(() => stacks.ofToken({}, 'https://a.example.com')).toThrow(forbidden('other-catalog'))
  })
})

describe('the stack that is asked about a token which says nothing', () => {
  it('is the configured one, or the allowed one that the request names', () => {
    expect(stacks.ofRequest(undefined)).toBe(home)
    expect(stacks.ofRequest('https://home.example.com')).toBe(home)
    expect(stacks.ofRequest('https://b.example.com')).toEqual({ catalogUrl: 'https://b.example.com' })
  })

  it('is none where the request names a foreign one', () => {
    expect(() => stacks.ofRequest('https://evil.example.com')).toThrow(forbidden('catalog-not-allowed'))
  })

  it('is none where nothing is named and nothing configured', () => {
    const bare = createStacks({}, allowed)
    expect(() => bare.ofRequest(undefined)).toThrow(forbidden('no-catalog'))
    expect(() => bare.ofToken({}, undefined)).toThrow(forbidden('no-catalog'))
    expect(bare.ofRequest('https://a.example.com')).toEqual({ catalogUrl: 'https://a.example.com' })
  })
})
