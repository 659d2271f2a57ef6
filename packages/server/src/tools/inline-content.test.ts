import { describe, expect, it } from 'vitest'
import { contentTypeOf, inlineBytes } from './inline-content.js'

describe('inlineBytes', () => {
  it('reads text as UTF-8, and base64 with or without padding and line ends', () => {
    expect(Buffer.from(inlineBytes({ text: 'ö' }) ?? []).toString('hex')).toBe('c3b6')
    expect(['aGVsbG8=', 'aGVsbG8', 'aGVs\nbG8='].map((base64) => String(inlineBytes({ base64 })))).toEqual(
      Array(3).fill('hello'),
    )
    expect(inlineBytes({})).toBeUndefined()
  })

  it.each([{ text: 'a', base64: 'YQ==' }, { base64: 'not base64!' }, { base64: 'aGVsbGxy8==' }])(
    'refuses %j',
    (content) => {
      expect(() => inlineBytes(content)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    },
  )
})

describe('contentTypeOf', () => {
  it.each([
    ['a.csv', true, 'text/csv; charset=utf-8'],
    ['a.CSV', false, 'text/csv'],
    ['a.json', true, 'application/json'],
    ['a', true, 'text/plain; charset=utf-8'],
    ['a.constructor', false, 'application/octet-stream'],
  ])('%s (text: %s) is %s', (key, isText, type) => {
    expect(contentTypeOf(key, { isText })).toBe(type)
  })
})
