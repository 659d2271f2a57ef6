import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonValue } from '../test/arbitrary-json.js'
import { encodeCanonicalJson } from './encode.js'
import { parseJson } from './parse.js'
import { sameJson } from './same.js'

const same = (a: string, b: string) => sameJson(parseJson(a), parseJson(b))

it.each([
  ['{"a": 1, "b": [2]}', '{"b": [2], "a": 1}'],
  ['1.0', '1e0'],
  ['[]', '[ ]'],
])('%s is %s', (a, b) => expect(same(a, b)).toBe(true))

it.each([
  ['1', '1.0'],
  ['[1, 2]', '[2, 1]'],
  ['{"a": null}', '{"b": null}'],
  ['{}', '[]'],
  ['"1"', '1'],
])('%s is not %s', (a, b) => expect(same(a, b)).toBe(false))

it('agrees with the canonical text, for any two values', () => {
  const pair = fc.oneof(
    fc.tuple(jsonValue, jsonValue),
    jsonValue.map((value) => [value, parseJson(encodeCanonicalJson(value))] as const),
  )
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(sameJson(a, b)).toBe(encodeCanonicalJson(a) === encodeCanonicalJson(b))
    }),
  )
})
