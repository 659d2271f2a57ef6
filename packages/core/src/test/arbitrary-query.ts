// Queries and documents for property tests.
import fc from 'fast-check'
import { type Json, JsonNumber } from '../json/value.js'
import type { Query } from '../query/ast.js'
import type { SearchDocument } from '../search/document.js'
import { jsonValue } from './arbitrary-json.js'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
/** Text of the characters that mean something in a query. */
export const specialText = fc.stringMatching(/^[a-c*?"\\:()[\]{}<>=+\-!&| .]{1,10}$/)
/** Words that queries and documents share, so that some of the ones find some of the others. */
const known = fc.constantFrom('a', 'b', 'a-b', 'a b', 'a/b.c', 'b.c', 'c', '5', '2024', '2024-05', 'true')
const wordText = fc.oneof(
  { weight: 3, arbitrary: known },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: specialText },
  { weight: 1, arbitrary: fc.constantFrom('AND', 'OR', 'NOT', 'TO', '-', '*') },
)
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
  fc
    .tuple(fc.constantFrom('comment', 'name', 'key', 'workflow', 'content', 'meta'), textMatch)
    .map(([field, match]): Query => ({ kind: 'field', field, match, span })),
  textMatch.map((match): Query => ({ kind: 'field', field: 'meta', path: '/a', match, span })),
  fc
    .tuple(textMatch, specialText)
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
/** A query as `parseQuery` makes them, but that all its places are 0. */
export const anyQuery: fc.Arbitrary<Query> = fc.letrec<{ query: Query }>((tie) => ({
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

const optionalText = fc.option(wordText, { nil: undefined })

/** A document that knows its fields, or does not. */
export const anyDocument: fc.Arbitrary<SearchDocument> = fc
  .record({
    name: optionalText,
    key: optionalText,
    comment: optionalText,
    workflow: optionalText,
    content: optionalText,
    meta: fc.option(
      fc.oneof(
        jsonValue,
        fc.oneof(wordText, fc.constant(true), fc.array(wordText)).map((value): Json => new Map([['a', value]])),
        fc.integer().map((number): Json => new Map([['a', new JsonNumber(String(number))]])),
      ),
      { nil: undefined },
    ),
    size: fc.option(fc.nat(), { nil: undefined }),
    modifiedMs: fc.option(
      moment.map((one) => one.getTime()),
      { nil: undefined },
    ),
    files: fc.array(wordText, { maxLength: 3 }),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))

/** The query with all its places at 0. */
export function placeless(one: Query): Query {
  if (one.kind === 'and' || one.kind === 'or') return { ...one, operands: one.operands.map(placeless), span }
  return one.kind === 'not' ? { ...one, operand: placeless(one.operand), span } : { ...one, span }
}
