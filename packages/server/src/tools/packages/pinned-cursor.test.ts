import { describe, expect, it } from 'vitest'
import { decodePinned, encodePinned } from './pinned-cursor.js'

const topHash = 'a'.repeat(64)

describe('a pinned cursor', () => {
  it('comes back as it was', () => {
    const pinned = { topHashes: [null, topHash], cursor: 'eyJhIjoxfQ' }
    expect(decodePinned(encodePinned(pinned), 2)).toEqual(pinned)
  })

  it.each([
    '',
    'x',
    `${topHash}`,
    `${topHash}.${topHash}.c`,
    `latest.c`,
  ])('refuses %j, which the tool did not return', (text) => {
    expect(() => decodePinned(text, 1)).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { argument: 'cursor' } }),
    )
  })
})
