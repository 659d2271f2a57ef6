import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logicalKey } from '../test/arbitrary-json.js'
import { compareKeyBytes, keyBytesOf, keyHolder } from './key-bytes.js'
import { compareLogicalKeys } from './order.js'

const inBlock = (key: string) => {
  const bytes = Buffer.from(`"${key}"`)
  return { bytes, from: 1, end: bytes.length - 1 }
}

describe('keys as bytes', () => {
  it('have the order of keys as texts', () => {
    const anyKey = fc.oneof(
      logicalKey,
      logicalKey.map((key) => `${key}/`),
    )
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(Math.sign(compareKeyBytes(inBlock(a), inBlock(b)))).toBe(Math.sign(compareLogicalKeys(a, b)))
      }),
      { numRuns: 3_000 },
    )
  })

  it('are not made of half a surrogate pair', () => {
    expect(keyBytesOf('a\ud800')).toBeUndefined()
    expect(keyBytesOf('😀')).toEqual(new TextEncoder().encode('😀'))
  })

  it('are held as a copy, however long, also when only their end is new', () => {
    const held = keyHolder()
    for (const key of ['a', 'b'.repeat(5_000), '', 'data/x']) {
      const { bytes, from, end } = inBlock(key)
      held.copy(bytes, from, end)
      bytes.fill(0)
      expect(Buffer.from(held.bytes.subarray(held.from, held.end)).toString()).toBe(key)
    }
    held.replaceFrom(5, Buffer.from(`y${'z'.repeat(9_000)}`), 0, 9_001)
    expect(Buffer.from(held.bytes.subarray(0, held.end)).toString()).toBe(`data/y${'z'.repeat(9_000)}`)
  })
})
