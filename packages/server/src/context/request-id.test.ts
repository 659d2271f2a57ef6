import { describe, expect, it } from 'vitest'
import { isRequestId, requestIdOf } from './request-id.js'

describe('the id of a request', () => {
  it.each([
    'f1c2a3b4-0000-4000-8000-0123456789ab',
    'F1C2A3B4-0000-4000-8000-0123456789AB',
    '4bf92f3577b34da6a3ce929d0e0e4736',
  ])('is what the client sent: %s', (given) => expect(requestIdOf(given)).toBe(given))

  it.each([
    undefined,
    '',
    'ada@example.com',
    'qk_0123456789',
    'eyJhbGciOiJIUzI1NiJ9.e30.x',
    ' f1c2a3b4-0000-4000-8000-0123456789ab',
    'f1c2a3b4-0000-4000-8000-0123456789ab\nqk_1',
  ])('is one of our own in place of %j', (given) => {
    const own = requestIdOf(given)
    expect(own).not.toBe(given)
    expect(isRequestId(own)).toBe(true)
    expect(requestIdOf(given)).not.toBe(own)
  })
})
