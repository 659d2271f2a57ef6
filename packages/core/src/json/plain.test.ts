import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeJson } from './encode.js'
import { parseJson } from './parse.js'
import { fromPlain, toPlain } from './plain.js'
import { JsonNumber } from './value.js'

describe('fromPlain', () => {
  it.each([
    [1, '1'],
    [-0, '0'],
    [9007199254740991, '9007199254740991'],
    [9007199254740992, '9007199254740992.0'],
    [1e21, '1e+21'],
    [0.1, '0.1'],
    [1e-7, '1e-07'],
    [12345678901234567890123n, '12345678901234567890123'],
    [-1n, '-1'],
  ])('writes the number %s as %s', (value, text) => {
    expect(encodeJson(fromPlain(value))).toBe(text)
  })

  it('drops undefined members and keeps __proto__ as data', () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "b": [null]}')
    expect(encodeJson(fromPlain({ x: undefined, y: value }))).toBe('{"y":{"__proto__":{"a":1},"b":[null]}}')
  })

  it('lets lossless values pass', () => {
    const lossless = parseJson('{"a": 1.0, "10": [1e5]}')
    expect(encodeJson(fromPlain({ inner: lossless }))).toBe('{"inner":{"a":1.0,"10":[1e5]}}')
  })

  it('reads objects without prototype', () => {
    expect(encodeJson(fromPlain(Object.assign(Object.create(null), { a: true })))).toBe('{"a":true}')
  })

  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  it.each([
    ['undefined', undefined],
    ['NaN', { a: Number.NaN }],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a function', { f: () => 1 }],
    ['a symbol', Symbol('s')],
    ['a date', { d: new Date(0) }],
    ['undefined in an array', [undefined]],
    ['a set', new Set([1])],
    ['bytes', new Uint8Array(2)],
    ['a map with a key that is not text', new Map([[1, 2]])],
    ['a cycle', cyclic],
  ])('refuses %s', (_, value) => {
    expect(() => fromPlain(value)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('says where the value is wrong', () => {
    expect(() => fromPlain({ a: [{ when: new Date(0) }] })).toThrow('.a[0].when is not JSON: Date')
  })

  it('agrees with JSON.stringify for all JSON values but large and fractional numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(toPlain(fromPlain(value)))).toBe(text)
      }),
    )
  })
})

describe('toPlain', () => {
  it('gives ordinary data', () => {
    expect(toPlain(parseJson('{"a": [1, 2.5, "x", null, true], "b": {}}'))).toEqual({
      a: [1, 2.5, 'x', null, true],
      b: {},
    })
  })

  it('shows as text what a double cannot hold', () => {
    const text = '[9007199254740993, -12345678901234567890, NaN, -Infinity, 1e400, 9007199254740991, 1e300]'
    expect(toPlain(parseJson(text))).toEqual([
      '9007199254740993',
      '-12345678901234567890',
      'NaN',
      '-Infinity',
      '1e400',
      9007199254740991,
      1e300,
    ])
  })

  it('keeps a key __proto__ as an own member', () => {
    const plain = toPlain(new Map([['__proto__', new JsonNumber('1')]]))
    expect(Object.entries(plain ?? {})).toEqual([['__proto__', 1]])
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype)
  })
})
