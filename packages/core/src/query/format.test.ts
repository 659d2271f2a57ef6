import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuiltError } from '../errors.js'
import type { Query } from './ast.js'
import { formatQuery } from './format.js'
import { parseQuery } from './parse.js'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const special = fc.stringMatching(/^[a-c*?"\\:()[\]{}<>=+\-!&| .]{1,10}$/)
const wordText = fc.oneof(text, special, fc.constantFrom('AND', 'OR', 'NOT', 'TO', '-', '*'))
const textMatch = fc.oneof(
  wordText.map((one) => ({ by: 'word', text: one }) as const),
  wordText.map((one) => ({ by: 'phrase', text: one }) as const),
  wordText.map((one) => ({ by: 'wildcard', pattern: [one, { any: 'many' }, one, { any: 'one' }] }) as const),
)
const bound = (value: fc.Arbitrary<number>) =>
  fc.record({ value: value.map((number) => ({ type: 'number', number }) as const), inclusive: fc.boolean() })
const moment = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
const when = fc.record({
  value: fc.oneof(
    moment.map((one) => ({ type: 'date', ms: one.getTime() }) as const),
    fc.nat({ max: 10_000 }).map((minutes) => ({ type: 'ago', ms: minutes * 60_000 }) as const),
  ),
  inclusive: fc.boolean(),
})
const span = { from: 0, end: 0 }
const leaf: fc.Arbitrary<Query> = fc.oneof(
  textMatch.map((match): Query => ({ kind: 'text', match, span })),
  textMatch.map((match): Query => ({ kind: 'field', field: 'comment', match, span })),
  fc
    .tuple(textMatch, special)
    .map(([match, path]): Query => ({ kind: 'field', field: 'meta', path: `/${path}`, match, span })),
  bound(fc.nat()).map((lower): Query => ({ kind: 'field', field: 'size', match: { by: 'range', lower }, span })),
  fc.tuple(bound(fc.double({ noNaN: true, noDefaultInfinity: true })), when).map(
    ([lower, upper]): Query => ({
      kind: 'field',
      field: 'meta',
      path: '/a',
      match: { by: 'range', lower, upper },
      span,
    }),
  ),
  when.map((upper): Query => ({ kind: 'field', field: 'modified', match: { by: 'range', upper }, span })),
  fc.constant<Query>({ kind: 'field', field: 'workflow', match: { by: 'exists' }, span }),
)
const query = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('query').map((operand): Query => (operand.kind === 'not' ? operand : { kind: 'not', operand, span })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
      .map(
        ([kind, operands]): Query => ({
          kind,
          operands: operands.flatMap((one) => (one.kind === kind ? one.operands : [one])),
          span,
        }),
      ),
  ),
})).query

/** The query with all its places at 0. */
function placeless(one: Query): Query {
  if (one.kind === 'and' || one.kind === 'or') return { ...one, operands: one.operands.map(placeless), span }
  return one.kind === 'not' ? { ...one, operand: placeless(one.operand), span } : { ...one, span }
}

describe('formatQuery', () => {
  it('writes what parseQuery reads as the same query', () => {
    fc.assert(
      fc.property(query, (one) => {
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
          special,
          fc.array(special).map((all) => all.join(' ')),
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
