import { describe, expect, it } from 'vitest'
import { errorCodes, QuiltError } from './errors.js'

describe('QuiltError', () => {
  it('carries code, hint, details, next tools and cause', () => {
    const cause = new Error('socket hang up')
    const details = { status: 502 }
    const error = new QuiltError('upstream', 'the registry failed', {
      hint: 'Try again.',
      details,
      nextTools: ['x'],
      cause,
    })
    expect(error).toMatchObject({
      name: 'QuiltError',
      code: 'upstream',
      hint: 'Try again.',
      details,
      nextTools: ['x'],
      cause,
    })
    expect(error.message).toBe('the registry failed')
  })

  it('is retryable as its code says, unless told otherwise', () => {
    expect(new QuiltError('upstream', '').retryable).toBe(true)
    expect(new QuiltError('conflict', '').retryable).toBe(false)
    expect(new QuiltError('upstream', '', { retryable: false }).retryable).toBe(false)
  })

  it('has the codes that clients know', () => {
    expect(Object.keys(errorCodes)).toEqual([
      'not_found',
      'invalid_input',
      'unauthenticated',
      'forbidden',
      'conflict',
      'unsupported',
      'rate_limited',
      'timeout',
      'upstream',
      'partial',
      'internal',
    ])
  })
})
