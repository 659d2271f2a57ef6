import { describe, expect, it } from 'vitest'
import { contentTypeOf, inlineContent } from './inline-content.js'

describe('inlineContent', () => {
  it('reads text as UTF-8, and base64 with or without padding and line ends', () => {
    expect(inlineContent({ text: 'ö' })).toEqual({ bytes: new Uint8Array([0xc3, 0xb6]), isText: true })
    expect(['aGVsbG8=', 'aGVsbG8', 'aGVs\nbG8='].map((base64) => String(inlineContent({ base64 })?.bytes))).toEqual(
      Array(3).fill('hello'),
    )
    expect(inlineContent({})).toBeUndefined()
  })

  it('takes one empty text for an empty file, and an empty one beside another for nothing', () => {
    expect(inlineContent({ text: '' })).toMatchObject({ bytes: { length: 0 }, isText: true })
    expect(inlineContent({ base64: '' })).toMatchObject({ bytes: { length: 0 }, isText: false })
    expect(inlineContent({ text: '', base64: 'aGk=' })).toMatchObject({ bytes: { length: 2 }, isText: false })
    expect(inlineContent({ text: 'hi', base64: '' })).toMatchObject({ bytes: { length: 2 }, isText: true })
    expect(inlineContent({ text: '', base64: '' })).toBeUndefined()
  })

  it.each([
    { text: 'a', base64: 'YQ==' },
    { base64: 'not base64!' },
    { base64: 'aGVsbGxy8==' },
  ])('refuses %j', (content) => {
    expect(() => inlineContent(content)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
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
