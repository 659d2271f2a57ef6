// Few documents and terms, such that every two of them differ in something that a plan has to tell apart.
import { fromPlain, type SearchDocument, type SearchScope } from '@quilt-mcp/core'

/** When it is searched. */
export const nowMs = Date.UTC(2026, 2, 1)
const day = 86_400_000

/** Objects, some with their text. */
export const objects: readonly SearchDocument[] = [
  { bucket: 'lab-a', key: 'raw/cells.csv', size: 5, modifiedMs: nowMs - day, deleted: false, content: 'the cell line' },
  { bucket: 'lab-a', key: 'raw/Plate_1.CSV', size: 0, modifiedMs: nowMs - 40 * day, deleted: false, content: '' },
  { bucket: 'lab-b', key: 'plate_2.csv.gz', size: 1_000, modifiedMs: nowMs, deleted: false },
  {
    bucket: 'lab-b',
    key: 'a b/<x>&[y]:z.txt',
    size: 1_001,
    modifiedMs: nowMs - day,
    deleted: false,
    content: 'RNA and cells',
  },
  { bucket: 'shared', key: '.csv', size: 7, modifiedMs: 0, deleted: false },
  { bucket: 'shared', key: 'rna', size: 7, modifiedMs: nowMs - 2 * day, deleted: false, content: 'line cell' },
]
/** Packages, with the keys of their files. */
export const packages: readonly SearchDocument[] = [
  {
    name: 'lab/cells',
    comment: 'first import',
    meta: { a: 'rna', n: 5, when: '2025-01-01' },
    files: ['raw/cells.csv'],
  },
  {
    name: 'lab/Plates',
    comment: 'RNA of cells',
    meta: { a: 'dna', n: 7, ok: true },
    files: ['plate_1.csv', 'x/readme'],
  },
  { name: 'other/rna', meta: { a: '5', list: ['x', 'rna'] }, files: ['a.txt'], workflow: 'alpha' },
  { name: 'other/empty', comment: 'cell line', files: [] },
].map(({ meta, ...rest }, index) => ({
  bucket: index % 2 === 0 ? 'lab-a' : 'lab-b',
  size: index * 500,
  entries: rest.files.length,
  hash: `${index}a`.repeat(32),
  modifiedMs: nowMs - index * 20 * day,
  ...rest,
  ...(meta === undefined ? {} : { meta: fromPlain(meta) }),
}))

/** The files of those packages. */
export const entries: readonly SearchDocument[] = packages.flatMap(({ files = [], meta, entries: _count, ...rest }) =>
  files.map((key, index) => ({
    ...rest,
    key,
    size: index * 700,
    ...(meta === undefined || index > 0 ? {} : { meta }),
  })),
)

const words = [
  'cells',
  'rna',
  'RNA',
  '"cell line"',
  'first',
  'pla*',
  'plate_*.csv',
  'c?lls',
  '"---"',
  'raw/cells.csv',
  '5',
  '\\<x\\>*',
]
const shared = [
  'size:>0',
  'size:<=1000',
  'size:[1 TO 1001}',
  'modified:>now-30d',
  'modified:2026-02',
  'bucket:lab-*',
  'ext:csv',
  'ext:c*',
  'ext:csv.gz',
  'key:raw/*',
  'key:"raw/cells.csv"',
  'key:*<x>*',
]
/** Terms of queries: each finds some of the documents, or none. */
export const terms: Readonly<Record<SearchScope, readonly string[]>> = {
  objects: [...words, ...shared, 'content:"cell line"', 'content:rna', 'deleted:false'],
  entries: [
    ...words,
    ...shared,
    'name:lab/*',
    'comment:cells',
    'meta:rna',
    'meta./a:rna',
    'meta./n:>5',
    'workflow:alpha',
  ],
  packages: [
    ...words,
    ...shared,
    'name:lab/*',
    'name:LAB/cells',
    'name:*',
    'comment:cells',
    'comment:(first OR line)',
    'comment:pla_*',
    'meta:rna',
    'meta./a:rna',
    'meta./a:5',
    'meta./n:5',
    'meta./n:>5',
    'meta./n:[5 TO 7]',
    'meta./when:2025',
    'meta./ok:true',
    'meta./list:x',
    'meta./a:*',
    'entries:>0',
    'hash:0a*',
    'workflow:alpha',
    'workflow:[a TO b]',
  ],
}
