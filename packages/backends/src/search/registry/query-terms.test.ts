import type { PatternPart } from '@quilt-mcp/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patternTerm, quoted, rangeTerm, wordsTerm } from './query-terms.js'

describe('a term of a query string', () => {
  it.each([
    ['rna', 'rna'],
    ['Größe', 'Größe'],
    ['2024', '2024'],
    ['AND', '"AND"'],
    ['OR', '"OR"'],
    ['NOT', '"NOT"'],
    ['TO', '"TO"'],
    ['a/b', '"a/b"'],
    ['a:b', '"a:b"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['back\\slash', '"back\\\\slash"'],
    ['a*b?', '"a*b?"'],
    ['(a)', '"(a)"'],
    ['x~2', '"x~2"'],
    ['x^2', '"x^2"'],
    ['a<b>c', '"a<b>c"'],
  ])('says the word %j as %j', (text, said) => {
    expect(wordsTerm({ by: 'word', text })).toBe(said)
  })

  it.each([
    '+',
    '-',
    '=',
    '&',
    '|',
    '!',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '^',
    '"',
    '~',
    '*',
    '?',
    ':',
    '\\',
    '/',
    ' ',
  ])('takes its meaning from %j in a pattern', (character) => {
    expect(patternTerm([`a${character}b`, { any: 'many' }])).toBe(`a\\${character}b*`)
  })

  it('asks for any one character where one cannot be escaped', () => {
    expect(patternTerm(['a<b>c', { any: 'many' }, { any: 'one' }])).toBe('a?b?c*?')
  })

  it('is never more than one term, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(quoted(text)).toMatch(/^"(?:[^"\\]|\\["\\])*"$/s)
        expect(quoted(text).slice(1, -1).replace(/\\(.)/g, '$1')).toBe(text)
        const parts: PatternPart[] = [text, { any: 'many' }]
        expect(patternTerm(parts)).toMatch(/^(?:\\[-+=&|!(){}[\]^"~*?:\\/\s]|[^-+=&|!(){}[\]^"~*:\\/<>\s])*\*$/su)
      }),
    )
  })

  it('names a field, and both ends of a range', () => {
    expect(wordsTerm({ by: 'phrase', text: 'cell line' }, 'content')).toBe('content:"cell line"')
    expect(rangeTerm('size', { gte: 1, lte: null })).toBe('size:[1 TO *]')
    expect(rangeTerm('last_modified', { gte: null, lte: '2025-01-01T00:00:00.000Z' })).toBe(
      'last_modified:[* TO "2025-01-01T00:00:00.000Z"]',
    )
  })
})
