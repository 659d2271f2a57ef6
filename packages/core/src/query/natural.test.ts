import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { naturalFilters } from './natural.js'
import { parseQuery } from './parse.js'

const nowMs = Date.UTC(2026, 10, 21, 23)
const filtersOf = (text: string) => naturalFilters(text, { nowMs }).found.map(({ filter }) => filter)

describe('what is said is found', () => {
  it.each<[text: string, filters: string[], rest: string]>([
    ['csv files larger than 100 MB from the last 30 days', ['ext:csv', 'size:>100MB', 'modified:>=now-30d'], ''],
    ['rna-seq csv files of plate 7', ['ext:csv'], 'rna-seq of plate 7'],
    // Sizes.
    ['larger than 100 MB', ['size:>100MB'], ''],
    ['files larger than 100MB', ['size:>100MB'], ''],
    ['atlas over 1 GB', ['size:>1GB'], 'atlas'],
    ['packages bigger than 1.5 GiB', ['size:>1.5GiB'], ''],
    [
      'images smaller than 20 KB',
      ['ext:(png OR jpg OR jpeg OR tif OR tiff OR gif OR bmp OR svg OR webp OR czi OR nd2)', 'size:<20KB'],
      '',
    ],
    ['files under 500 bytes', ['size:<500'], ''],
    ['at least 2 tb', ['size:>=2TB'], ''],
    ['at most 2 megabytes', ['size:<=2MB'], ''],
    ['no more than 5 MB', ['size:<=5MB'], ''],
    ['not larger than 5 MB', ['size:<=5MB'], ''],
    ['between 1 and 5 MB', ['size:[1MB TO 5MB]'], ''],
    ['objects between 500 kB and 1 GB', ['size:[500KB TO 1GB]'], ''],
    ['assay 1 GB or more', ['size:>=1GB'], 'assay'],
    ['files of 1 GB or less', ['size:<=1GB'], ''],
    ['files > 100 MB', ['size:>100MB'], ''],
    ['files <= 3GB', ['size:<=3GB'], ''],
    ['files with size over 3 GB', ['size:>3GB'], ''],
    ['Larger Than 100 MB', ['size:>100MB'], ''],
    ['empty files', ['size:0'], ''],
    // Times.
    ['last 30 days', ['modified:>=now-30d'], ''],
    ['rna in the last 24 hours', ['modified:>=now-24h'], 'rna'],
    ['packages from the past 2 weeks', ['modified:>=now-2w'], ''],
    ['past week', ['modified:>=now-1w'], ''],
    ['within the last month', ['modified:>=now-30d'], ''],
    ['last 3 months', ['modified:>=now-90d'], ''],
    ['modified in the past year', ['modified:>=now-1y'], ''],
    ['since 2025-01-01', ['modified:>=2025-01-01'], ''],
    ['after 2025-01', ['modified:>2025-01'], ''],
    ['rna since 2025', ['modified:>=2025'], 'rna'],
    ['before March 2024', ['modified:<2024-03'], ''],
    ['until 5 March 2024', ['modified:<=2024-03-05'], ''],
    ['before Mar 5th, 2024', ['modified:<2024-03-05'], ''],
    ['since Sept 2024', ['modified:>=2024-09'], ''],
    ['in 2024', ['modified:2024'], ''],
    ['atlas in May 2024', ['modified:2024-05'], 'atlas'],
    ['updated on 2024-05-17', ['modified:2024-05-17'], ''],
    ['between 2024-01-01 and 2024-03-31', ['modified:[2024-01-01 TO 2024-03-31]'], ''],
    ['from January 2024 to March 2024', ['modified:[2024-01 TO 2024-03]'], ''],
    ['newer than 2024-05-17', ['modified:>2024-05-17'], ''],
    ['files older than 30 days', ['modified:<now-30d'], ''],
    ['yesterday', ['modified:2026-11-20'], ''],
    ['plates from today', ['modified:2026-11-21'], 'plates'],
    ['since yesterday', ['modified:>=2026-11-20'], ''],
    ['this year', ['modified:2026'], ''],
    ['atlas this month', ['modified:2026-11'], 'atlas'],
    // Kinds.
    ['csv files', ['ext:csv'], ''],
    ['CSV file', ['ext:csv'], ''],
    ['.parquet', ['ext:parquet'], ''],
    ['.xyz files', ['ext:xyz'], ''],
    ['.fastq.gz files', ['ext:fastq.gz'], ''],
    ['csv or parquet files', ['ext:(csv OR parquet)'], ''],
    ['csv, tsv and json files', ['ext:(csv OR tsv OR json)'], ''],
    ['csv/tsv files', ['ext:(csv OR tsv)'], ''],
    ['liver fastq files', ['ext:(fastq OR fq OR fastq.gz OR fq.gz)'], 'liver'],
    ['excel files', ['ext:(xlsx OR xls)'], ''],
    ['jupyter notebooks', ['ext:ipynb'], ''],
    ['notebook files', ['ext:(ipynb OR rmd OR qmd)'], ''],
    ['notebooks since 2025', ['ext:(ipynb OR rmd OR qmd)', 'modified:>=2025'], ''],
    ['image files', ['ext:(png OR jpg OR jpeg OR tif OR tiff OR gif OR bmp OR svg OR webp OR czi OR nd2)'], ''],
    // Metadata.
    ['with metadata tissue = liver', ['meta.tissue:liver'], ''],
    ['plates with metadata by.name=ada', ['meta.by.name:ada'], 'plates'],
    ['with metadata run-id = x', ['meta.run-id:x'], ''],
    // Several, and what stands between them.
    ['rna and csv files, over 1 GB', ['ext:csv', 'size:>1GB'], 'rna'],
    [
      'csv files larger than 1 MB and modified since 2025 by ada',
      ['ext:csv', 'size:>1MB', 'modified:>=2025'],
      'by ada',
    ],
    ['a  b   csv files c', ['ext:csv'], 'a  b c'],
    // What is in the grammar stays in it.
    ['"csv files" larger than 1 MB', ['size:>1MB'], '"csv files"'],
    ['name:lab/* csv files', ['ext:csv'], 'name:lab/*'],
    ['size:[1 TO 5] csv files', ['ext:csv'], 'size:[1 TO 5]'],
    ['last 30 days ext:csv', ['modified:>=now-30d'], 'ext:csv'],
  ])('%s', (text, filters, rest) => {
    const { found, rest: kept } = naturalFilters(text, { nowMs })
    expect(found.map(({ filter }) => filter)).toEqual(filters)
    expect(kept).toBe(rest)
    for (const { said, filter } of found) {
      expect(text).toContain(said)
      expect(() => parseQuery(filter)).not.toThrow()
    }
  })
})

describe('what is not sure stays as it is', () => {
  it.each([
    '',
    'rna',
    'csv',
    'parquet tables',
    'images',
    'cell images',
    'lab notebooks',
    'raw files',
    'text files',
    'README.md',
    '*.csv',
    '.gitignore',
    'size',
    'larger than 100',
    'larger than life',
    'depth over 30',
    'over 5 Gb',
    'deletions over 10 kb',
    'deletions larger than 3 Mb',
    'larger than 5 m',
    'machines with more than 16 GB memory',
    '1,000 MB',
    'between 1 and 5',
    'between 1 Mb and 5 Mb',
    'last days',
    'last week',
    'last month',
    'last year',
    'the last 30 days of treatment',
    'treated in the last 30 days',
    'samples collected in 2024',
    'born before 2000',
    'published in March 2024',
    'expressed in 2024 genes',
    'after 2000 cycles',
    'in 2024 samples',
    'version 2024',
    'from 2024',
    'since March',
    'before 03/04/2024',
    'since 2024-02-31',
    'in 1850',
    'mice older than 8 weeks',
    'patients older than 60 years',
    'older than 30 days',
    'tissue = liver',
    'with metadata tissue = lung cancer',
    'not csv files',
    'no csv files larger than 1 GB',
    'everything without csv files',
    'all except images larger than 5 MB',
    "isn't larger than 5 MB",
    'csv files or larger than 1 GB',
    'rna or csv files',
    'a OR csv files',
    'rna AND larger than 5 MB',
    '(csv files)',
    '-rna csv files',
    '"csv files larger than 5 MB"',
    'comment:"last 30 days"',
    'comment:(last 30 days)',
    '"open csv files',
    'name:larger than 5',
    'xcsv files',
    'csv filesystem',
    'csv files.old',
    '\ue001 csv files',
  ])('%s', (text) => {
    expect(naturalFilters(text, { nowMs })).toEqual({ rest: text, found: [] })
  })

  it('tells nothing of today without knowing when it is', () => {
    expect(naturalFilters('today')).toEqual({ rest: 'today', found: [] })
  })
})

it('says what was said', () => {
  expect(naturalFilters('RNA csv files  larger than 100 MB').found).toEqual([
    { said: 'csv files', filter: 'ext:csv' },
    { said: 'larger than 100 MB', filter: 'size:>100MB' },
  ])
})

it('finds nothing more in what it left', () => {
  const words = fc.constantFrom(
    'csv',
    'files',
    'larger',
    'than',
    '5',
    'MB',
    'last',
    '30',
    'days',
    'and',
    'or',
    'in',
    '2024',
    ',',
    'since',
    'rna',
    '"',
    '(',
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), (all) => {
      const text = all.join(' ')
      for (const filter of filtersOf(text)) expect(() => parseQuery(filter)).not.toThrow()
    }),
    { numRuns: 3_000 },
  )
})
