import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pythonFloatText, pythonNumberText } from './python-number.js'
import { JsonNumber } from './value.js'

describe('pythonFloatText', () => {
  it.each([
    [1.0, '1.0'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680.0, '1.2345678901234568e+17'],
    [1e21, '1e+21'],
    [1e22, '1e+22'],
    [0.0001, '0.0001'],
    [1e-5, '1e-05'],
    [1e-7, '1e-07'],
    [-0.0, '-0.0'],
    [0, '0.0'],
    [100.0, '100.0'],
    [0.000123456, '0.000123456'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [-1.5e300, '-1.5e+300'],
    [1234.5678, '1234.5678'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('writes %f as repr does', (value, text) => {
    expect(pythonFloatText(value)).toBe(text)
  })

  it('keeps the value of every double', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Number(pythonFloatText(value))).toBe(value)
      }),
    )
  })

  it('always shows that it is a float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(new JsonNumber(pythonFloatText(value)).isInteger).toBe(false)
      }),
    )
  })
})

describe('pythonNumberText', () => {
  it.each([
    ['12345678901234567890123', '12345678901234567890123'],
    ['-9007199254740993', '-9007199254740993'],
    ['-0', '0'],
    ['0', '0'],
    ['9007199254740993.0', '9007199254740992.0'],
    ['1e5', '100000.0'],
    ['1.50', '1.5'],
    ['1E-5', '1e-05'],
    ['-0.0', '-0.0'],
    ['1e400', 'Infinity'],
    ['-1e400', '-Infinity'],
    ['NaN', 'NaN'],
  ])('prints the source text %s as %s', (source, text) => {
    expect(pythonNumberText(new JsonNumber(source))).toBe(text)
  })
})
