import type { Backend } from '@quilt-mcp/backends'
import { describe, expect, it } from 'vitest'
import { samplePrincipal } from '../auth/test/sample-principal.js'
import { idleBackend } from '../mcp/test/sample-tools.js'
import { createBackendCache } from './backend-cache.js'

describe('the backend cache', () => {
  it('makes one backend for a token, also for calls that come together', async () => {
    const made: string[] = []
    const cache = createBackendCache(({ token }) => {
      made.push(token)
      return Promise.resolve({ ...idleBackend })
    })
    const [first, second, other] = await Promise.all([
      cache.get(samplePrincipal('a')),
      cache.get(samplePrincipal('a')),
      cache.get(samplePrincipal('b')),
    ])
    expect(second).toBe(first)
    expect(other).not.toBe(first)
    expect(made).toEqual(['a', 'b'])
  })

  it('makes another for the same token at another stack, in another role, or without exchange', async () => {
    const cache = createBackendCache(() => Promise.resolve({ ...idleBackend }))
    const principals = [
      samplePrincipal('a'),
      samplePrincipal('a', { stack: { registryUrl: 'https://other.example.com' } }),
      samplePrincipal('a', { stack: { catalogUrl: 'https://registry.example.com' } }),
      samplePrincipal('a', { role: 'arn:aws:iam::123456789012:role/one' }),
      samplePrincipal('a', { role: 'arn:aws:iam::123456789012:role/two' }),
      samplePrincipal('a', { exchanges: false }),
    ]
    const made = await Promise.all(principals.map((principal) => cache.get(principal)))
    expect(new Set(made).size).toBe(principals.length)
    expect(cache.size()).toBe(principals.length)
    cache.dropToken('a')
    expect(cache.size()).toBe(0)
  })

  it('does not keep a failure', async () => {
    let fails = true
    const cache = createBackendCache(
      (): Promise<Backend> => (fails ? Promise.reject(new Error('down')) : Promise.resolve(idleBackend)),
    )
    await expect(cache.get(samplePrincipal('a'))).rejects.toThrow('down')
    fails = false
    await expect(cache.get(samplePrincipal('a'))).resolves.toBe(idleBackend)
  })

  it('closes what it drops, and all when it is closed', async () => {
    const closed: string[] = []
    const cache = createBackendCache(({ token }) =>
      Promise.resolve({ ...idleBackend, close: async () => void closed.push(token) }),
    )
    for (const token of ['a', 'b', 'c']) await cache.get(samplePrincipal(token))
    cache.drop(samplePrincipal('b'))
    await cache.close()
    expect(closed.toSorted()).toEqual(['a', 'b', 'c'])
  })

  it('closes a backend that nobody asked for in a while', async () => {
    const closed = await new Promise<string>((resolve) => {
      const cache = createBackendCache(
        ({ token }) => Promise.resolve({ ...idleBackend, close: async () => resolve(token) }),
        { idleMs: 5 },
      )
      void cache.get(samplePrincipal('a'))
    })
    expect(closed).toBe('a')
  })

  it('tells of a backend that could not be closed, not of one that was never made', async () => {
    const errors: unknown[] = []
    const cache = createBackendCache(
      ({ token }) =>
        token === 'unmade'
          ? Promise.reject(new Error('down'))
          : Promise.resolve({ ...idleBackend, close: () => Promise.reject(new Error('stuck')) }),
      { onCloseError: (error) => errors.push(error) },
    )
    await Promise.allSettled([cache.get(samplePrincipal('unmade')), cache.get(samplePrincipal('made'))])
    await cache.close()
    expect(errors).toEqual([new Error('stuck')])
  })

  it('never holds more than 500 backends', async () => {
    let open = 0
    const cache = createBackendCache(() => {
      open++
      return Promise.resolve({ ...idleBackend, close: async () => void open-- })
    })
    for (let index = 0; index < 700; index++) await cache.get(samplePrincipal(`token-${index}`))
    await new Promise(setImmediate)
    expect(open).toBe(500)
  })
})
