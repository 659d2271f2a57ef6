import { expect, it } from 'vitest'
import { statusError } from './status-error.js'

it.each([
  [301, 'upstream', false],
  [400, 'upstream', false],
  [401, 'unauthenticated', false],
  [403, 'forbidden', false],
  [404, 'not_found', false],
  [408, 'timeout', true],
  [409, 'conflict', false],
  [429, 'rate_limited', true],
  [500, 'upstream', true],
  [502, 'upstream', true],
  [504, 'timeout', true],
])('HTTP %i is %s, retryable %s', (status, code, retryable) => {
  const error = statusError(status, { peer: 'the registry', attempt: 'Listing buckets' })
  expect([error.code, error.retryable]).toEqual([code, retryable])
  expect(error.message).toMatch(new RegExp(`^Listing buckets: the registry .* \\(HTTP ${status}\\)$`))
  expect(error.hint).toBeTruthy()
})

it('keeps what the registry said in the details, cut, and not in the message', () => {
  const error = statusError(403, { peer: 'the registry', attempt: 'Listing buckets', message: 'm'.repeat(1_000) })
  expect(error.details).toEqual({ status: 403, message: 'm'.repeat(300) })
  expect(error.message).not.toContain('mm')
})
