import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuiltError } from '../errors.js'
import { pythonJsonText } from '../test/arbitrary-json.js'
import { encodeManifestJson } from './encode.js'
import { parseJson } from './parse.js'
import { toPlain } from './plain.js'
import { emptyJsonObject, JsonNumber } from './value.js'

function errorOf(text: string): QuiltError {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof QuiltError) return error
    throw error
  }
  throw new Error(`${text} was read`)
}

/** What `toPlain` makes of integers that a double cannot hold. */
function largeIntegerAsText(_key: string, value: unknown): unknown {
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value))
  return isLarge ? String(value) : value
}

describe('parseJson', () => {
  it('gives back, byte for byte, any text that Python could have written', () => {
    fc.assert(
      fc.property(pythonJsonText, (text) => {
        expect(encodeManifestJson(parseJson(text))).toBe(text)
      }),
      { numRuns: 1_000 },
    )
  })

  it('agrees with JSON.parse on what JSON.parse can read', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(JSON.stringify(toPlain(parseJson(spaced)))).toBe(JSON.stringify(JSON.parse(text), largeIntegerAsText))
      }),
    )
  })

  it('refuses what JSON.parse refuses, bare NaN and Infinity apart', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ',',
      ':',
      '1',
      '-',
      '.',
      'e',
      '0',
      'true',
      'nul',
      '\\',
      'u',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.string({ unit: part, maxLength: 8 }), (text) => {
        let plain: unknown
        try {
          plain = JSON.parse(text)
        } catch {
          expect(errorOf(text).code).toBe('invalid_input')
          return
        }
        expect(JSON.stringify(toPlain(parseJson(text)))).toBe(JSON.stringify(plain))
      }),
      { numRuns: 5_000 },
    )
  })

  it('keeps the text of numbers', () => {
    expect(parseJson('[1, 1.0, 1.50, 1e5, -0, 12345678901234567890123]')).toEqual(
      ['1', '1.0', '1.50', '1e5', '-0', '12345678901234567890123'].map((text) => new JsonNumber(text)),
    )
  })

  it('reads the bare NaN and Infinity of older manifests', () => {
    expect(parseJson('[NaN, Infinity, -Infinity]')).toEqual(
      ['NaN', 'Infinity', '-Infinity'].map((text) => new JsonNumber(text)),
    )
  })

  it('keeps keys in their order, integer-like ones and __proto__ too', () => {
    const object = parseJson('{"b": 1, "10": 2, "9": 3, "__proto__": 4}')
    expect(object instanceof Map ? [...object.keys()] : object).toEqual(['b', '10', '9', '__proto__'])
  })

  it('takes the last value of a duplicate key, at the first one', () => {
    expect(encodeManifestJson(parseJson('{"a": 1, "b": 2, "a": 3}'))).toBe('{"a": 3, "b": 2}')
  })

  it('joins escaped surrogate pairs and keeps lone halves', () => {
    expect(parseJson('"\\ud83d\\ude00 \\ud83d"')).toBe('😀 \ud83d')
  })

  it('reads an empty object as the one empty object', () => {
    expect(parseJson(' { } ')).toBe(emptyJsonObject)
  })

  it.each([
    ['', 1, 1, 'a value'],
    ['{"a": 1,}', 1, 9, 'a key in double quotes'],
    ['[1 2]', 1, 4, '"," or "]"'],
    ['{"a" 1}', 1, 6, '":"'],
    ['{"a": 1 "b"}', 1, 9, '"," or "}"'],
    ['"abc', 1, 5, 'a closing double quote'],
    ['"a\tb"', 1, 3, 'no raw control character in a string'],
    ['"\\x"', 1, 2, 'a known escape'],
    ['"\\u12g4"', 1, 2, 'four hexadecimal digits after \\u'],
    ['{\n  "a": tru\n}', 2, 8, 'a value'],
    ['1 1', 1, 3, 'the end of the text'],
    ["{'a': 1}", 1, 2, 'a key in double quotes'],
    ['\ufeff{}', 1, 1, 'a value'],
  ])('says of %j where it is wrong', (text, line, column, expected) => {
    const error = errorOf(text)
    expect(error.code).toBe('invalid_input')
    expect(error.message).toBe(`not valid JSON: expected ${expected} at line ${line}, column ${column}`)
    expect(error.details).toMatchObject({ line, column })
  })

  it('reads 1,000 levels and refuses more, without overflowing', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(encodeManifestJson(parseJson(nested(1_000)))).toBe(nested(1_000))
    expect(errorOf(nested(1_001)).message).toBe('the JSON value is nested deeper than 1000 levels')
    expect(errorOf('{"a":'.repeat(200_000)).code).toBe('invalid_input')
  })
})
