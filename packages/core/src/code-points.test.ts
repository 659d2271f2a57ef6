import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from './code-points.js'

/** The plain way: code points as numbers, side by side. */
function slowOrder(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? -1)
  const right = Array.from(b, (character) => character.codePointAt(0) ?? -1)
  for (const [index, point] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (point !== other) return point - other
  }
  return left.length - right.length
}

describe('compareCodePoints', () => {
  it('puts characters above U+FFFF last, where UTF-16 order does not', () => {
    const texts = ['😀', 'ﬁ', 'z', '10', '9', 'B', '_']
    expect([...texts].sort(compareCodePoints)).toEqual(['10', '9', 'B', '_', 'z', 'ﬁ', '😀'])
    expect([...texts].sort()).not.toEqual([...texts].sort(compareCodePoints))
  })

  it('agrees with the plain way for any text, broken surrogate pairs included', () => {
    const unit = fc.constantFrom('a', '/', '\ud83d', '\ude00', '\ud83e', '\udc00', '\ue000', '\uffff')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 5 }), fc.string({ unit, maxLength: 5 }), (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(slowOrder(a, b)))
      }),
      { numRuns: 2_000 },
    )
  })
})
