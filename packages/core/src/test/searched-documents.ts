// One document of each kind, with something of everything, that queries are tried on.
import { parseJson } from '../json/parse.js'
import type { SearchScope } from '../query/fields.js'
import { parseQuery } from '../query/parse.js'
import type { SearchDocument } from '../search/document.js'
import { matchesQuery } from '../search/matches.js'

/** When it is searched: 2026-11-21. */
export const nowMs = Date.UTC(2026, 10, 21)
/** Whether a query finds a document. */
export const found = (query: string, document: SearchDocument, scope: SearchScope = 'packages'): boolean =>
  matchesQuery(parseQuery(query), document, { scope, nowMs })

/** The latest revision of a package. */
export const aPackage: SearchDocument = {
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
/** A file of a package. */
export const anEntry: SearchDocument = {
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
/** An object, with its text. */
export const anObject: SearchDocument = {
  bucket: 'lab-data',
  key: 'notes/東京 protocol.txt',
  content: 'Thaw the cells; spin at 300 g.',
  size: 30,
  modifiedMs: Date.UTC(2026, 10, 20),
  deleted: false,
}
