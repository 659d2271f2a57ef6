import { describe, expect, it } from 'vitest'
import { anEntry, anObject, aPackage, found } from '../test/searched-documents.js'

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
