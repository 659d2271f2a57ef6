import { describe, expect, it } from 'vitest'
import type { Query } from './ast.js'
import { parseQuery } from './parse.js'

/** A query without its places. */
function meaning(text: string): unknown {
  return withoutSpans(parseQuery(text))
}

function withoutSpans(query: Query): unknown {
  const { span: _, ...rest } = query
  if (rest.kind === 'and' || rest.kind === 'or') return { [rest.kind]: rest.operands.map(withoutSpans) }
  if (rest.kind === 'not') return { not: withoutSpans(rest.operand) }
  if (rest.kind === 'text') return rest.match
  return rest
}

const word = (text: string) => ({ by: 'word', text })
const any = { any: 'many' }
const number = (value: number, inclusive = true) => ({ value: { type: 'number', number: value }, inclusive })
const date = (iso: string, inclusive = true) => ({ value: { type: 'date', ms: Date.parse(iso) }, inclusive })

describe('words', () => {
  it.each([
    ['', { kind: 'all' }],
    ['  ', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['rna', word('rna')],
    ['"single cell"', { by: 'phrase', text: 'single cell' }],
    ['"say \\"hi\\""', { by: 'phrase', text: 'say "hi"' }],
    ['sample_?.fast*', { by: 'wildcard', pattern: ['sample_', { any: 'one' }, '.fast', any] }],
    ['a**b', { by: 'wildcard', pattern: ['a', any, 'b'] }],
    ['50\\*', word('50*')],
    ['12:30', word('12:30')],
    ['s3://bucket/key', word('s3://bucket/key')],
    ['RNA-seq', word('RNA-seq')],
    ['данные', word('данные')],
    ['\\', word('\\')],
    ['\\AND', word('AND')],
    ['and', word('and')],
  ])('reads %s', (text, expected) => {
    expect(meaning(text)).toEqual(expected)
  })
})

describe('operators', () => {
  const [a, b, c] = [word('a'), word('b'), word('c')]
  it.each([
    ['a b', { and: [a, b] }],
    ['a AND b', { and: [a, b] }],
    ['a && b || c', { or: [{ and: [a, b] }, c] }],
    ['a OR b c', { or: [a, { and: [b, c] }] }],
    ['(a OR b) c', { and: [{ or: [a, b] }, c] }],
    ['a AND (b AND c)', { and: [a, b, c] }],
    ['NOT a b', { and: [{ not: a }, b] }],
    ['-a !b', { and: [{ not: a }, { not: b }] }],
    ['NOT NOT a', a],
    ['NOT (a OR b)', { not: { or: [a, b] } }],
    ['+a +b', { and: [a, b] }],
    ['AND()', undefined],
  ])('reads %s', (text, expected) => {
    if (expected === undefined) expect(() => parseQuery(text)).toThrow('AND has a term missing beside it')
    else expect(meaning(text)).toEqual(expected)
  })
})

describe('fields', () => {
  const field = (name: string, match: object, more = {}) => ({ kind: 'field', field: name, ...more, match })
  it.each([
    ['ext:.csv', field('ext', word('csv'))],
    ['extension:csv', field('ext', word('csv'))],
    ['KEY:raw/*', field('key', { by: 'wildcard', pattern: ['raw/', any] })],
    ['key:"a b.csv"', field('key', { by: 'phrase', text: 'a b.csv' })],
    ['comment:*', field('comment', { by: 'exists' })],
    ['deleted:yes', field('deleted', { by: 'boolean', value: true })],
    ['size:>10MB', field('size', { by: 'range', lower: number(10_000_000, false) })],
    ['size:<=1.5KiB', field('size', { by: 'range', upper: number(1_536) })],
    ['size:0', field('size', { by: 'range', lower: number(0), upper: number(0) })],
    ['entries:[100 TO 500}', field('entries', { by: 'range', lower: number(100), upper: number(500, false) })],
    ['entries:[100 TO *]', field('entries', { by: 'range', lower: number(100) })],
    ['entries:[* TO *]', field('entries', { by: 'exists' })],
    ['modified:>2025-01-01', field('modified', { by: 'range', lower: date('2025-01-02') })],
    ['modified:>=2025-01-01', field('modified', { by: 'range', lower: date('2025-01-01') })],
    ['modified:<2025-01-01', field('modified', { by: 'range', upper: date('2025-01-01', false) })],
    ['modified:<=2025-01', field('modified', { by: 'range', upper: date('2025-02-01', false) })],
    ['modified:2024', field('modified', { by: 'range', lower: date('2024-01-01'), upper: date('2025-01-01', false) })],
    [
      'modified:[2025-01-01 TO 2025-01-31]',
      field('modified', { by: 'range', lower: date('2025-01-01'), upper: date('2025-02-01', false) }),
    ],
    [
      'modified:>2025-01-01T12:00:00+02:00',
      field('modified', { by: 'range', lower: date('2025-01-01T10:00:00Z', false) }),
    ],
    [
      'modified:>now-30d',
      field('modified', { by: 'range', lower: { value: { type: 'ago', ms: 2_592_000_000 }, inclusive: false } }),
    ],
    ['meta./experiment/type:rna', field('meta', word('rna'), { path: '/experiment/type' })],
    ['meta.experiment.type:rna', field('meta', word('rna'), { path: '/experiment/type' })],
    ['meta/experiment/type:rna', field('meta', word('rna'), { path: '/experiment/type' })],
    ['user_meta."/a b/c:d":x', field('meta', word('x'), { path: '/a b/c:d' })],
    ['meta:rna', field('meta', word('rna'))],
    [
      'meta./year:[2000 TO 2025]',
      field('meta', { by: 'range', lower: number(2_000), upper: number(2_025) }, { path: '/year' }),
    ],
    ['meta./depth:>=30.5', field('meta', { by: 'range', lower: number(30.5) }, { path: '/depth' })],
    ['name:(lab/a OR "lab/b")', { or: [field('name', word('lab/a')), field('name', { by: 'phrase', text: 'lab/b' })] }],
    ['-ext:(csv tsv)', { not: { and: [field('ext', word('csv')), field('ext', word('tsv'))] } }],
  ])('reads %s', (text, expected) => {
    expect(meaning(text)).toEqual(expected)
  })
})

describe('places', () => {
  it('says of each node which characters it came from', () => {
    const text = 'a ext:(csv OR "t v") size:>5'
    const places = (query: Query): string[] => [
      text.slice(query.span.from, query.span.end),
      ...(query.kind === 'and' || query.kind === 'or' ? query.operands.flatMap(places) : []),
    ]
    expect(places(parseQuery(text))).toEqual([text, 'a', 'csv OR "t v"', 'csv', '"t v"', 'size:>5'])
  })
})

describe('errors', () => {
  it.each([
    ['"open', 1, 'the quotation mark is not closed', '"open"'],
    ['(a OR b', 1, 'this parenthesis is not closed', '(a OR b)'],
    ['a b)', 4, 'this parenthesis closes nothing', 'a b'],
    [')', 1, 'this parenthesis closes nothing', undefined],
    ['a ()', 3, 'there is nothing between the parentheses', undefined],
    ['a AND', 3, 'AND has a term missing beside it', undefined],
    ['OR a', 1, 'OR has a term missing beside it', undefined],
    ['(a OR) b', 4, 'OR has a term missing beside it', undefined],
    ['sise:>5', 1, 'there is no field sise', 'size:>5'],
    ['x gene:BRCA1', 3, 'there is no field gene', 'x "gene:BRCA1"'],
    ['size: 5', 1, 'size: has no value behind it', 'size:5'],
    ['size:', 1, 'size: has no value behind it', undefined],
    ['size:> 5', 6, '> has no value behind it', undefined],
    ['size:big', 6, '"big" is no size of size', undefined],
    ['modified:2025-02-30', 10, '"2025-02-30" is no date of modified', undefined],
    ['deleted:maybe', 9, '"maybe" is neither true nor false', undefined],
    ['comment:>a', 10, 'comment has no order', undefined],
    ['size:[1 TO', 6, 'this is not a range', undefined],
    ['ext:(a key:b)', 8, 'a field inside the parentheses of another', undefined],
  ])('%s: character %i: %s', (text, character, says, suggestion) => {
    expect(() => parseQuery(text)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: expect.stringContaining(`character ${character}: ${says}`),
        details: expect.objectContaining({ from: character - 1 }),
        hint: expect.stringMatching(/\.( Try: .+)?$/),
      }),
    )
    const details = errorOf(text).details
    expect(details?.suggestion).toBe(suggestion)
    if (suggestion !== undefined) expect(() => parseQuery(suggestion)).not.toThrow()
  })

  it.each([
    ['( '.repeat(51), 'nested deeper than 50'],
    ['NOT '.repeat(60), 'nested deeper than 50'],
    ['a '.repeat(501), 'more than 500 terms'],
    ['a'.repeat(4_001), '4001 characters'],
  ])('is bounded', (text, says) => {
    expect(errorOf(text).message).toContain(says)
  })
})

describe('what the engine of registries writes', () => {
  it.each([
    ['*:*', '*'],
    ['*:* AND a', '* a'],
    ['_exists_:ptr_name a', 'name:* a'],
    ['NOT _exists_:mnfst_workflow.id', 'NOT workflow:*'],
    ['mnfst_stats.total_bytes:[5 TO *]', 'size:>=5'],
    ['mnfst_stats.total_files:3', 'entries:3'],
    ['entry_lk.text:counts OR ptr_name.text:"b c"', 'counts OR "b c"'],
    ['a -key_text:b', 'a -b'],
    ['ptr_last_modified:2025', 'modified:2025'],
  ])('%s is %s', (theirs, ours) => {
    expect(meaning(theirs)).toEqual(meaning(ours))
  })

  it('is text where it names nothing that there is', () => {
    expect(() => parseQuery('_exists_:colour')).toThrow('there is no field _exists_')
  })
})

function errorOf(text: string): { message: string; details?: Readonly<Record<string, unknown>> } {
  try {
    parseQuery(text)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it was read')
}
