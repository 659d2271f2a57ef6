import { expect, it } from 'vitest'
import { fileExtension } from './file-extension.js'

it.each([
  ['a/b/data.CSV', 'csv'],
  ['reads.fastq.gz', 'gz'],
  ['.hidden.txt', 'txt'],
  ['README', undefined],
  ['.gitignore', undefined],
  ['a/.env', undefined],
  ['v1.2/README', undefined],
  ['ends.', undefined],
  ['folder.csv/', undefined],
  ['Dr. Smith', undefined],
  [`x.${'a'.repeat(20)}`, 'a'.repeat(20)],
  [`x.${'a'.repeat(21)}`, undefined],
  ['данные.Таб', 'таб'],
])('of %s is %s', (key, extension) => {
  expect(fileExtension(key)).toBe(extension)
})
