import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { parseQuery } from '../query/parse.js'
import { anyDocument, anyQuery } from '../test/arbitrary-query.js'
import { highlightsOf } from './highlights.js'

const nowMs = Date.UTC(2026, 10, 21)
const aPackage = {
  bucket: 'lab-data',
  name: 'genomics/RNA-seq_2024',
  comment: 'Plates of the Atlas',
  meta: parseJson('{"organ": "Liver", "depth": 30, "passed": true, "on": "2024-05-17", "tags": ["a", "b"]}'),
  workflow: 'strict',
  size: 5,
  files: ['raw/reads.fastq', 'tables/plate_1.csv', 'tables/plate_2.csv'],
}
const why = (query: string) => highlightsOf(parseQuery(query), aPackage, { scope: 'packages', nowMs })

describe('highlightsOf', () => {
  it.each([
    ['rna', [{ field: 'name', text: 'genomics/RNA-seq_2024', words: ['RNA'] }]],
    ['"rna seq"', [{ field: 'name', text: 'genomics/RNA-seq_2024', words: ['RNA-seq'] }]],
    [
      'atlas rna plat* genomics',
      [
        { field: 'comment', text: 'Plates of the Atlas', words: ['Atlas', 'Plates'] },
        { field: 'name', text: 'genomics/RNA-seq_2024', words: ['RNA', 'genomics'] },
        { field: 'files', text: 'tables/plate_1.csv', words: ['plate'] },
        { field: 'files', text: 'tables/plate_2.csv', words: ['plate'] },
      ],
    ],
    ['liver', [{ field: 'meta', text: 'organ Liver depth 30 passed true on 2024-05-17 tags a b', words: ['Liver'] }]],
    ['meta./organ:liver', [{ field: 'meta', text: '/organ: Liver', words: ['Liver'] }]],
    ['meta./depth:>20', [{ field: 'meta', text: '/depth: 30', words: ['30'] }]],
    ['meta./passed:true', [{ field: 'meta', text: '/passed: true', words: ['true'] }]],
    ['meta./on:2024', [{ field: 'meta', text: '/on: 2024-05-17T00:00:00.000Z', words: ['2024-05-17T00:00:00.000Z'] }]],
    ['meta./tags:b', [{ field: 'meta', text: '/tags: b', words: ['b'] }]],
    ['name:genomics/*', [{ field: 'name', text: 'genomics/RNA-seq_2024', words: ['genomics/RNA-seq_2024'] }]],
    ['ext:fastq', [{ field: 'files', text: 'raw/reads.fastq', words: ['fastq'] }]],
    ['reads.*', [{ field: 'files', text: 'raw/reads.fastq', words: ['raw/reads.fastq'] }]],
    ['comment:*', [{ field: 'comment', text: 'Plates of the Atlas', words: [] }]],
    ['workflow:strict', [{ field: 'workflow', text: 'strict', words: ['strict'] }]],
    ['size:5', []],
    ['', []],
    ['NOT missing', []],
    ['atlas NOT missing', [{ field: 'comment', text: 'Plates of the Atlas', words: ['Atlas'] }]],
    ['missing OR atlas', [{ field: 'comment', text: 'Plates of the Atlas', words: ['Atlas'] }]],
  ])('of %s', (query, highlights) => {
    expect(why(query)).toEqual(highlights)
  })

  it('are five at most', () => {
    const files = Array.from({ length: 9 }, (_, index) => `plate_${index}.csv`)
    expect(highlightsOf(parseQuery('plate'), { files }, { scope: 'packages', nowMs })).toHaveLength(5)
  })

  it('shows 200 characters of long text around the first match', () => {
    const content = `${'filler '.repeat(100)}the kinase assay${' filler'.repeat(100)}`
    const [only] = highlightsOf(parseQuery('kinase'), { content }, { scope: 'objects', nowMs })
    expect(only?.words).toEqual(['kinase'])
    expect(only?.text).toHaveLength(200)
    expect(only?.text).toContain('the kinase assay')
  })

  it('tells of folded text where it stands, if it can', () => {
    const comment = 'eine ＧＲＯẞＥ Datei in 東京'
    const words = (query: string) =>
      highlightsOf(parseQuery(query), { comment }, { scope: 'packages', nowMs })[0]?.words
    expect(words('große')).toEqual(['ＧＲＯẞＥ'])
    expect(words('東京')).toEqual(['東京'])
    expect(words('京')).toEqual(['京'])
  })

  it('cites what is there', () => {
    fc.assert(
      fc.property(anyQuery, anyDocument, (query, document) => {
        for (const { text, words } of highlightsOf(query, document, { scope: 'packages', nowMs })) {
          expect(text.length).toBeLessThanOrEqual(200)
          for (const word of words) expect(text).toContain(word)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
