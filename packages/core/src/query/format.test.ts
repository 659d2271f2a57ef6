import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuiltError } from '../errors.js'
import { anyQuery, placeless, specialText } from '../test/arbitrary-query.js'
import { formatQuery } from './format.js'
import { parseQuery } from './parse.js'

describe('formatQuery', () => {
  it('writes what parseQuery reads as the same query', () => {
    fc.assert(
      fc.property(anyQuery, (one) => {
        expect(placeless(parseQuery(formatQuery(one)))).toEqual(one)
      }),
    )
  })

  it.each([
    ['a b OR NOT (c d)', 'a AND b OR NOT (c AND d)'],
    ['size:>10MB', 'size:{10000000 TO *]'],
    ['', '*'],
  ])('writes %s as %s', (from, to) => {
    expect(formatQuery(parseQuery(from))).toBe(to)
  })
})

describe('parseQuery', () => {
  it('reads any text, or says what is wrong with it, and where', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          specialText,
          fc.array(specialText).map((all) => all.join(' ')),
        ),
        (any) => {
          try {
            expect(placeless(parseQuery(formatQuery(parseQuery(any))))).toEqual(placeless(parseQuery(any)))
          } catch (error) {
            expect(error).toBeInstanceOf(QuiltError)
            expect(error).toMatchObject({ code: 'invalid_input', hint: expect.any(String) })
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
