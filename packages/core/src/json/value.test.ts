import { describe, expect, it } from 'vitest'
import { JsonNumber } from './value.js'

describe('JsonNumber', () => {
  it.each(['0', '-0', '12', '1.0', '1e5', '1E+5', '-0.5e-7', 'NaN', 'Infinity', '-Infinity'])('takes %s', (text) => {
    expect(new JsonNumber(text).text).toBe(text)
  })

  it.each(['', '01', '1.', '.5', '+1', '0x10', '1e', '-NaN', '1 ', '1,2'])('refuses %j', (text) => {
    expect(() => new JsonNumber(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('tells integers from floats by their text', () => {
    const integers = ['1', '-1', '10000000000000000000000', '1.0', '1e2', 'NaN', 'Infinity']
    expect(integers.filter((text) => new JsonNumber(text).isInteger)).toEqual(['1', '-1', '10000000000000000000000'])
  })
})
