import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText, searchWords } from './words.js'

describe('searchWords', () => {
  it.each([
    ['RNA-seq of HEK293_T', ['rna', 'seq', 'of', 'hek293', 't']],
    ['', []],
    ['-_/.', []],
    ['naïve Größe', ['naïve', 'größe']],
    ['nai\u0308ve', ['naïve']],
    ['ﬁle①', ['file1']],
    ['ＦＵＬＬ', ['full']],
    ['данные', ['данные']],
    ['हिन्दी', ['हिन्दी']],
    ['東京tower', ['東', '京', 'tower']],
    ['データ', ['デ', 'ー', 'タ']],
    ['ไทย', ['ไ', 'ท', 'ย']],
    ['한국어 자료', ['한국어', '자료']],
    ['x²', ['x2']],
    ['😀', []],
  ])('cuts %j into %j', (text, words) => {
    expect(searchWords(text)).toEqual(words)
  })

  it('finds nothing more to cut or fold in words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const words = searchWords(text)
        expect(words.flatMap(searchWords)).toEqual(words)
        expect(searchWords(words.join(' '))).toEqual(words)
      }),
    )
  })

  it('leaves no character in a word at which the index would cut it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const word of searchWords(text)) expect(word).toMatch(/^[^\0-\x2f\x3a-\x60\x7b-\x7f]+$/)
      }),
    )
  })
})

it('folds what is folded to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text))
    }),
    { numRuns: 2_000 },
  )
})
