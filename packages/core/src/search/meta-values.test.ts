import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { jsonValue } from '../test/arbitrary-json.js'
import { metaValues, metaWordsText } from './meta-values.js'

const valuesOf = (value: string) => metaValues(parseJson(`{"a": ${value}}`))
const long = 'x'.repeat(257)

describe('metaValues', () => {
  it.each([
    ['true', [{ path: '/a', type: 'boolean', number: 1 }]],
    ['false', [{ path: '/a', type: 'boolean', number: 0 }]],
    ['3.50', [{ path: '/a', type: 'number', number: 3.5 }]],
    ['"RNA-seq"', [{ path: '/a', type: 'keyword', text: 'RNA-seq' }]],
    ['""', [{ path: '/a', type: 'keyword', text: '' }]],
    [`"${long}"`, [{ path: '/a', type: 'text', text: long }]],
    [`"${'😀'.repeat(256)}"`, [{ path: '/a', type: 'keyword', text: '😀'.repeat(256) }]],
    ['"2024-02-29"', [{ path: '/a', type: 'datetime', number: Date.UTC(2024, 1, 29) }]],
    ['"2024-02-29T10:30"', [{ path: '/a', type: 'datetime', number: Date.UTC(2024, 1, 29, 10, 30) }]],
    ['"2024-02-29 10:30:00.5"', [{ path: '/a', type: 'datetime', number: Date.UTC(2024, 1, 29, 10, 30, 0, 500) }]],
    ['"2024-02-29T10:30:00Z"', [{ path: '/a', type: 'datetime', number: Date.UTC(2024, 1, 29, 10, 30) }]],
    ['"2024-02-29T10:30:00+02:00"', [{ path: '/a', type: 'datetime', number: Date.UTC(2024, 1, 29, 8, 30) }]],
    ['"2023-02-29"', [{ path: '/a', type: 'keyword', text: '2023-02-29' }]],
    ['"2024-02-29T24:00"', [{ path: '/a', type: 'keyword', text: '2024-02-29T24:00' }]],
    ['"2024-02"', [{ path: '/a', type: 'keyword', text: '2024-02' }]],
    ['"20240229"', [{ path: '/a', type: 'keyword', text: '20240229' }]],
    [
      '["x", "2024-01-01"]',
      [
        { path: '/a', type: 'keyword', text: 'x' },
        { path: '/a', type: 'keyword', text: '2024-01-01' },
      ],
    ],
    [
      `["x", "${long}"]`,
      [
        { path: '/a', type: 'text', text: 'x' },
        { path: '/a', type: 'text', text: long },
      ],
    ],
    ['["x", 1]', []],
    ['[1, 2]', []],
    ['[]', []],
    ['null', []],
    ['NaN', []],
    ['1e999', []],
    ['{"b": {"c": 1}}', [{ path: '/a/b/c', type: 'number', number: 1 }]],
    ['{"x/y~z": 1}', [{ path: '/a/x~1y~0z', type: 'number', number: 1 }]],
  ])('of %s', (value, expected) => {
    expect(valuesOf(value)).toEqual(expected)
  })

  it.each(['[{"a": 1}]', '"text"', '1', 'null'])('has none of %s', (text) => {
    expect(metaValues(parseJson(text))).toEqual([])
  })

  it('takes any JSON', () => {
    fc.assert(fc.property(jsonValue, (value) => metaValues(value).every(({ path }) => path.startsWith('/'))))
  })
})

it('makes one text of keys and values, nulls left out', () => {
  const meta = parseJson('{"assay": "RNA-seq", "n": [1.50, true, null], "by": {"name": "Ada"}}')
  expect(metaWordsText(meta)).toBe('assay RNA-seq n 1.50 true by name Ada')
  expect(metaWordsText(undefined)).toBe('')
  expect(metaWordsText('note')).toBe('note')
})
