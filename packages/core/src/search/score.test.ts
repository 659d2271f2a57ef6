import { expect, it } from 'vitest'
import { parseJson } from '../json/parse.js'
import { parseQuery } from '../query/parse.js'
import { scoreOf } from './score.js'

const aPackage = {
  name: 'genomics/rna-seq_2024',
  comment: 'plates of atlas',
  meta: parseJson('{"organ": "liver", "list": ["genomics"]}'),
  workflow: 'strict',
  files: ['raw/lane_1/reads.fastq', 'README.md'],
}

it.each([
  ['genomics', 8],
  ['GENOMICS', 8],
  ['"rna seq 2024"', 8],
  ['"genomics rna seq 2024"', 8],
  ['rna', 4],
  ['"genomics rna"', 4],
  ['atlas', 2],
  ['organ', 2],
  ['liver', 2],
  ['strict', 2],
  ['lane', 1],
  ['"lane 1 reads"', 1],
  ['missing', 0],
  ['genomics rna atlas lane', 15],
  ['missing OR genomics', 8],
  ['genomics AND NOT missing', 8],
  ['NOT rna', 0],
  ['gen*', 0],
  ['name:genomics/*', 0],
  ['genomics ext:md size:>5', 8],
  ['', 0],
  ['"--" rna', 4],
])('packages: %s counts %i', (query, score) => {
  expect(scoreOf(parseQuery(query), aPackage, { scope: 'packages' })).toBe(score)
})

it.each([
  ['reads', 2],
  ['lane', 1],
  ['"1 reads"', 1],
  ['liver', 1],
  ['genomics', 0],
])('entries: %s counts %i', (query, score) => {
  const entry = { name: 'genomics/a', key: 'raw/lane_1/reads.fastq', meta: parseJson('{"organ": "liver"}') }
  expect(scoreOf(parseQuery(query), entry, { scope: 'entries' })).toBe(score)
})

it.each([
  ['reads', 2],
  ['raw', 1],
  ['cells', 1],
])('objects: %s counts %i', (query, score) => {
  const object = { key: 'raw/reads.txt', content: 'thaw the cells' }
  expect(scoreOf(parseQuery(query), object, { scope: 'objects' })).toBe(score)
})
