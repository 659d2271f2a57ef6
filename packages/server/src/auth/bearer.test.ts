import { describe, expect, it } from 'vitest'
import { bearerToken } from './bearer.js'

describe('bearerToken', () => {
  it.each(['Bearer qk_abc', 'bearer qk_abc', ' Bearer   qk_abc '])('takes the token of %j', (value) => {
    expect(bearerToken([value])).toBe('qk_abc')
  })

  it.each([
    ['no header', []],
    ['two headers', ['Bearer a', 'Bearer b']],
    ['two tokens in one', ['Bearer a, Bearer b']],
    ['another scheme', ['Basic YTpi']],
    ['no token', ['Bearer ']],
    ['a token alone', ['qk_abc']],
  ])('refuses %s', (_what, values) => {
    expect(() => bearerToken(values)).toThrow(expect.objectContaining({ code: 'unauthenticated' }))
  })

  it('does not repeat the token in the message', () => {
    expect(() => bearerToken(['Basic c2VjcmV0'])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('c2VjcmV0') }),
    )
  })
})
