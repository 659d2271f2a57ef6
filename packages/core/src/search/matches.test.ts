import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import type { Query } from '../query/ast.js'
import type { SearchScope } from '../query/fields.js'
import { formatQuery } from '../query/format.js'
import { parseQuery } from '../query/parse.js'
import { anyDocument, anyQuery } from '../test/arbitrary-query.js'
import type { SearchDocument } from './document.js'
import { matchesQuery } from './matches.js'

const nowMs = Date.UTC(2026, 10, 21)
const found = (query: string, document: SearchDocument, scope: SearchScope = 'packages'): boolean =>
  matchesQuery(parseQuery(query), document, { scope, nowMs })

const aPackage: SearchDocument = {
  bucket: 'lab-data',
  name: 'Genomics/RNA-seq_2024',
  comment: 'First import, 12 plates of foo_bar',
  meta: parseJson(`{
    "Assay": "RNA-seq", "depth": 30, "passed": true, "collected": "2024-05-17", "tags": ["liver", "Mouse Brain"],
    "by": {"name": "Ada Lovelace"}, "a/b": "slash", "note": "${'long note about kinases. '.repeat(12)}", "nothing": null
  }`),
  size: 12_000_000,
  modifiedMs: Date.UTC(2025, 2, 15, 12),
  entries: 3,
  hash: '2a5a67156ca9238c14d12042db51c5b52260fdd5511b61ea89b58929d6e1769b',
  workflow: 'strict-import',
  files: ['raw/reads/Sample_1.fastq.gz', 'tables/plate_07.csv', 'README.md'],
}
const anEntry: SearchDocument = {
  bucket: 'lab-data',
  name: 'genomics/rna',
  comment: 'initial',
  key: 'raw/reads/Sample_1.fastq.gz',
  meta: parseJson('{"lane": 4}'),
  size: 500,
  modifiedMs: Date.UTC(2025, 2, 15),
  hash: 'abc',
  workflow: 'alpha',
}
const anObject: SearchDocument = {
  bucket: 'lab-data',
  key: 'notes/東京 protocol.txt',
  content: 'Thaw the cells; spin at 300 g.',
  size: 30,
  modifiedMs: Date.UTC(2026, 10, 20),
  deleted: false,
}

describe('words', () => {
  it.each([
    ['rna', true],
    ['RNA SEQ', true],
    ['genom', false],
    ['import', true],
    ['ada', true],
    ['assay', true],
    ['30', true],
    ['strict', true],
    ['fastq', true],
    ['plate_07', true],
    ['07_plate', false],
    ['"first import"', true],
    ['"import first"', false],
    ['rna-seq', true],
    ['seq-rna', false],
    // A phrase is in one field, and of files in one key.
    ['"2024 first"', false],
    ['"gz tables"', false],
    // No letters and digits: nothing; so without it everything.
    ['"--"', false],
    ['NOT "--"', true],
    ['', true],
    ['😀', false],
    // What is in the bucket's name, the hash or the size is no word of the package.
    ['lab', false],
    ['12000000', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('look into the key and own metadata of entries, not into their package', () => {
    expect(
      ['sample', '"reads sample"', 'lane', '4', 'gz'].map((query) => found(query, anEntry, 'entries')),
    ).not.toContain(false)
    expect(['genomics', 'initial', 'alpha'].map((query) => found(query, anEntry, 'entries'))).not.toContain(true)
  })

  it('look into key and content of objects', () => {
    expect(['京', '東京', 'thaw', '"300 g"'].map((query) => found(query, anObject, 'objects'))).not.toContain(false)
    expect(['lab', '京東'].map((query) => found(query, anObject, 'objects'))).not.toContain(true)
  })
})

describe('wildcards in text', () => {
  it.each([
    ['gen*', true],
    ['*nomics', true],
    ['pl?te', true],
    ['pla?', false],
    ['?', true],
    ['????????????', false],
    ['??', true],
    ['kin*ses', true],
    // With other characters: the whole name, the whole key, the last parts of a key.
    ['genomics/*', true],
    ['rna-*', false],
    ['*/rna-seq_2024', true],
    ['plate_*.csv', true],
    ['reads/*.gz', true],
    ['eads/*.gz', false],
    ['raw/*.gz', true],
    ['plate_*.cs', false],
    ['first-*', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })
})

describe('keyword fields', () => {
  it.each([
    ['name:genomics/rna-SEQ_2024', true],
    ['name:genomics', false],
    ['name:genomics/*', true],
    ['name:*rna*', true],
    ['name:"genomics/*"', false],
    ['name:[genomics TO h]', true],
    ['name:[h TO *]', false],
    ['name:*', true],
    ['workflow:STRICT-import', true],
    ['workflow:strict', false],
    ['bucket:lab-data', true],
    ['bucket:lab-*', true],
    ['hash:2a5a67*', true],
    ['hash:2A5A67156CA9238C14D12042DB51C5B52260FDD5511B61EA89B58929D6E1769B', true],
    ['hash:2a5a67', false],
    ['key:readme.md', true],
    ['key:*.md', true],
    ['key:raw/*.gz', true],
    ['key:Sample_1.fastq.gz', false],
    ['ext:csv', true],
    ['ext:.CSV', true],
    ['ext:".csv"', true],
    ['ext:gz', true],
    ['ext:fastq', false],
    ['ext:fastq.gz', true],
    ['ext:.fastq.gz', true],
    ['ext:fast*.gz', true],
    ['ext:astq.gz', false],
    ['ext:c*', true],
    ['ext:x*', false],
    ['ext:(pdf OR md)', true],
    ['ext:*', true],
    ['NOT ext:csv', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('of an entry are those of its package', () => {
    for (const query of ['name:genomics/rna', 'comment:initial', 'hash:abc', 'workflow:alpha', 'modified:2025-03']) {
      expect(found(query, anEntry, 'entries')).toBe(true)
    }
  })
})

describe('comment and content', () => {
  it.each([
    ['comment:plates', true],
    ['comment:foo_bar', true],
    ['comment:bar_foo', false],
    ['comment:"12 plates"', true],
    ['comment:plat*', true],
    ['comment:rna', false],
    ['comment:*', true],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('an empty comment is none', () => {
    expect(found('comment:*', { comment: '' })).toBe(false)
    expect(found('comment:*', { comment: null })).toBe(false)
    expect(found('content:cells', anObject, 'objects')).toBe(true)
  })
})

describe('metadata', () => {
  it.each([
    ['meta./Assay:rna-SEQ', true],
    ['meta./Assay:rna', false],
    ['meta./assay:rna-seq', false],
    ['meta./Assay:rna*', true],
    ['meta.by.name:"ada lovelace"', true],
    ['meta./by/name:ada', false],
    ['meta./tags:liver', true],
    ['meta./tags:"mouse brain"', true],
    ['meta./tags:mouse*', true],
    ['meta./tags:kidney', false],
    ['meta./note:kinases', true],
    ['meta./note:"note about"', true],
    ['meta./note:kin*', true],
    ['meta./note:long*', true],
    ['meta./depth:30', true],
    ['meta./depth:30.0', true],
    ['meta./depth:"30"', true],
    ['meta./depth:3*', false],
    ['meta./depth:>29.5', true],
    ['meta./depth:>30', false],
    ['meta./depth:[10 TO 30]', true],
    ['meta./depth:[10 TO 30}', false],
    ['meta./depth:["1" TO "4"]', false],
    ['meta./Assay:[r TO s]', true],
    ['meta./passed:true', true],
    ['meta./passed:TRUE', true],
    ['meta./passed:false', false],
    ['meta./collected:2024-05-17', true],
    ['meta./collected:2024-05', true],
    ['meta./collected:2024', true],
    ['meta./collected:2025', false],
    ['meta./collected:>=2024-05-17', true],
    ['meta./collected:>2024-05-17', false],
    ['meta./collected:[2024-01 TO 2024-05]', true],
    ['meta./collected:>now-3y', true],
    ['meta./collected:>now-30d', false],
    ['meta./a~1b:slash', true],
    ['meta./nothing:*', false],
    ['meta./by:*', false],
    ['meta./by/name:*', true],
    ['meta:*', true],
    ['meta:assay', true],
    ['meta:"by name ada"', true],
    ['meta:kinases', true],
    ['meta:kin*', true],
    ['meta:genomics', false],
    ['meta:>29', true],
    ['meta:>1000', false],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('that is empty, or no object, is none', () => {
    for (const meta of ['{}', '[]', 'null', '[{"a": 1}]'])
      expect(found('meta:*', { meta: parseJson(meta) })).toBe(false)
    expect(found('meta:*', {})).toBe(false)
  })
})

describe('sizes, counts and times', () => {
  it.each([
    ['size:>10MB', true],
    ['size:12MB', true],
    ['size:[1MB TO 12MB}', false],
    ['entries:3', true],
    ['entries:<3', false],
    ['modified:2025', true],
    ['modified:2025-03', true],
    ['modified:2025-03-15', true],
    ['modified:2025-03-16', false],
    ['modified:>2025-03-15', false],
    ['modified:>=2025-03-15', true],
    ['modified:<=2025-03-15', true],
    ['modified:<2025-03-15', false],
    ['modified:[2025-03-15 TO 2025-03-15]', true],
    ['modified:>now-2y', true],
    ['modified:>now-30d', false],
    ['size:*', true],
  ])('%s: %s', (query, expected) => {
    expect(found(query, aPackage)).toBe(expected)
  })

  it('an object is deleted or not; what is not known is neither', () => {
    expect(found('deleted:false', anObject, 'objects')).toBe(true)
    expect(found('deleted:true', anObject, 'objects')).toBe(false)
    expect(found('deleted:false', {}, 'objects')).toBe(false)
    expect(found('size:<5', {}, 'objects')).toBe(false)
  })
})

describe('AND, OR and NOT', () => {
  const scope = fc.constantFrom<SearchScope>('packages', 'entries', 'objects')
  const matches = (query: Query, document: SearchDocument, of: SearchScope) =>
    matchesQuery(query, document, { scope: of, nowMs })
  const span = { from: 0, end: 0 }

  it('are intersection, union and complement', () => {
    fc.assert(
      fc.property(fc.tuple(anyQuery, anyQuery), anyDocument, scope, ([a, b], document, of) => {
        const [isA, isB] = [matches(a, document, of), matches(b, document, of)]
        expect(matches({ kind: 'not', operand: a, span }, document, of)).toBe(!isA)
        expect(matches({ kind: 'and', operands: [a, b], span }, document, of)).toBe(isA && isB)
        expect(matches({ kind: 'or', operands: [a, b], span }, document, of)).toBe(isA || isB)
      }),
      { numRuns: 1_000 },
    )
  })

  it('mean the same when the query is written out and read again', () => {
    fc.assert(
      fc.property(anyQuery, anyDocument, scope, (query, document, of) => {
        expect(matches(parseQuery(formatQuery(query)), document, of)).toBe(matches(query, document, of))
      }),
      { numRuns: 1_000 },
    )
  })
})
