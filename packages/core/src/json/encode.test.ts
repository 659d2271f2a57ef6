import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonValue } from '../test/arbitrary-json.js'
import { encodeCanonicalJson, encodeJson, encodeManifestJson } from './encode.js'
import { parseJson } from './parse.js'
import { type Json, JsonNumber } from './value.js'

const invalid = expect.objectContaining({ code: 'invalid_input' })

describe('encodeManifestJson', () => {
  it('writes spaces after commas and colons, and keeps the order of keys', () => {
    expect(encodeManifestJson(parseJson('{"b":[1,2.50,true,null],"a":{}}'))).toBe(
      '{"b": [1, 2.50, true, null], "a": {}}',
    )
  })

  it('writes characters raw, and escapes only what it must', () => {
    const text = 'a\u007fb\u2028c/d"e\\f\u0001\t\n\r\b\fé😀\u001f'
    expect(encodeManifestJson(text)).toBe('"a\u007fb\u2028c/d\\"e\\\\f\\u0001\\t\\n\\r\\b\\fé😀\\u001f"')
  })

  it.each(['NaN', 'Infinity', '-Infinity', '1e400'])('refuses %s', (text) => {
    expect(() => encodeManifestJson([new JsonNumber(text)])).toThrow(invalid)
  })

  it('writes integers of any length', () => {
    const digits = '9'.repeat(400)
    expect(encodeManifestJson(new JsonNumber(digits))).toBe(digits)
  })

  it('refuses half of a surrogate pair, in values and in keys', () => {
    expect(() => encodeManifestJson('a\ud83d')).toThrow(invalid)
    expect(() => encodeManifestJson(new Map([['\ude00', null]]))).toThrow(invalid)
  })
})

describe('encodeCanonicalJson', () => {
  it('sorts keys by code point at every level, integer-like ones as text', () => {
    const text = '{"b": {"ﬁ": 1, "😀": 2, "z": 3}, "a": [{"y": 1, "x": null}], "10": 1, "9": 2, "B": 3, "_": 4}'
    expect(encodeCanonicalJson(parseJson(text))).toBe(
      '{"10":1,"9":2,"B":3,"_":4,"a":[{"x":null,"y":1}],"b":{"z":3,"\\ufb01":1,"\\ud83d\\ude00":2}}',
    )
  })

  it('escapes everything outside printable ASCII', () => {
    expect(encodeCanonicalJson('é\u007f\u2028😀\ud83d/"\\\n\u0000')).toBe(
      '"\\u00e9\\u007f\\u2028\\ud83d\\ude00\\ud83d/\\"\\\\\\n\\u0000"',
    )
  })

  it('prints numbers as Python does', () => {
    expect(encodeCanonicalJson(parseJson('[1.50, 1e5, -0, 1e400, NaN, 1]'))).toBe('[1.5,100000.0,0,Infinity,NaN,1]')
  })

  it('is the same for any order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), jsonValue), (members) => {
        const pairs = Object.entries(members)
        expect(encodeCanonicalJson(new Map(pairs.reverse()))).toBe(encodeCanonicalJson(new Map(pairs)))
      }),
    )
  })

  it('is ASCII, and reads back as the same canonical text', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = encodeCanonicalJson(value)
        expect(text).toMatch(/^[\x20-\x7e]*$/)
        expect(encodeCanonicalJson(parseJson(text))).toBe(text)
      }),
    )
  })
})

describe('encodeJson', () => {
  it('writes compact text that reads back as the same value', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(parseJson(encodeJson(value))).toEqual(value)
      }),
    )
    expect(encodeJson(parseJson('{"b": [1.0, 2], "10": "x"}'))).toBe('{"b":[1.0,2],"10":"x"}')
  })

  it('refuses NaN and Infinity', () => {
    expect(() => encodeJson(new JsonNumber('NaN'))).toThrow(invalid)
    expect(() => encodeJson(new JsonNumber('-Infinity'))).toThrow(invalid)
  })
})

it.each([
  encodeManifestJson,
  encodeCanonicalJson,
  encodeJson,
])('%o refuses nesting deeper than 1,000 levels', (encode) => {
  let value: Json = null
  for (let level = 0; level < 1_001; level++) value = [value]
  expect(() => encode(value)).toThrow(invalid)
})
