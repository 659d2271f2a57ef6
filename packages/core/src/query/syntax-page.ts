// The page that explains how a search is written, made from the table of fields: what it says of them is so.
import { type FieldName, searchFields } from './fields.js'

/** Examples with what they find. Each can be read by `parseQuery`. */
export const searchExamples: readonly (readonly [query: string, finds: string])[] = [
  ['rna liver', 'both words, in any field that words look in'],
  ['"single cell"', 'these words, one after the other'],
  ['rna OR atac', 'one of them, or both'],
  ['rna -mouse', 'the first word without the second; also NOT mouse'],
  ['(rna OR atac) ext:(csv OR tsv)', 'parentheses for terms, and for the values of a field'],
  ['kin*', 'words that start so; ? is any one character'],
  ['plate_*.csv', 'with other characters than letters and digits: a whole name or key, or the last parts of a key'],
  ['name:genomics/*', 'packages of that namespace'],
  ['key:raw/*.fastq.gz', 'keys as a whole; * crosses slashes'],
  ['ext:csv size:>10MB', 'CSV files larger than ten million bytes'],
  ['size:[1MiB TO 5MiB}', 'from 1 MiB up to, and without, 5 MiB'],
  ['modified:2025-03', 'last changed in March 2025 (UTC)'],
  ['modified:>=now-30d', 'last changed in the last 30 days; units m, h, d, w, y'],
  ['modified:[2024-01-01 TO 2024-06-30]', 'both days included'],
  ['meta./experiment/type:rna-seq', 'user metadata at a JSON pointer; meta.experiment.type is the same'],
  ['meta./depth:>=30 meta./passed:true', 'numbers, dates and booleans compare as such'],
  ['meta."/sample id":"A 7"', 'quotation marks around a path or a value with blanks'],
  ['meta:kinase', 'a word anywhere in the metadata, keys included'],
  ['comment:*', 'any commit message'],
  ['NOT workflow:*', 'what passed no workflow'],
  ['entries:[100 TO *]', 'packages of at least 100 files'],
  ['50\\*', 'a backslash takes its meaning from the character behind it'],
]

/** Markdown of at most 6,000 characters: the grammar, the fields, examples. */
export function searchSyntaxPage(): string {
  return `# Search syntax

One grammar for packages, entries (the files of packages) and objects, the same on every backend.

* Terms side by side must all be there; \`OR\`, \`NOT\` (or \`-\`) and parentheses as usual: NOT binds closest, then AND, then OR. Operators are upper case.
* Words are compared in any case, cut at everything that is no letter and no digit: \`RNA-seq\` is the words rna and seq, one behind the other.
* \`field:value\` has no blank behind the colon. Values: a word, a "phrase", \`*\` and \`?\`, \`>\` \`>=\` \`<\` \`<=\`, \`[from TO to]\` (\`{ }\` leave the bound out, \`*\` is an open end), \`field:*\` for any value, \`field:(a OR b)\`.
* Sizes: \`10MB\` (10,000,000 bytes), \`1GiB\`, up to P. Times: \`2025\`, \`2025-03\`, \`2025-03-14\` (all of it), \`2025-03-14T10:30:00Z\`, \`now-30d\`.
* In quotation marks, and behind a backslash, characters mean themselves: \`"a:b"\`, \`a\\:b\`. An unknown field is an error, with the nearest name.
* At most 4,000 characters and 500 terms.

Words look into: name, message, user metadata, workflow and file keys of packages; key and own metadata of entries; key of objects, and their text where it is indexed.

## Fields

| field | also | in | what it is | example |
|---|---|---|---|---|
${fieldRows()}
## Examples

| search | finds |
|---|---|
${searchExamples.map(([query, finds]) => `| ${code(query)} | ${inCell(finds)} |\n`).join('')}
## Plain words

"csv files larger than 100 MB from the last 30 days" is read as \`ext:csv size:>100MB modified:>=now-30d\`; the answer shows what was read so. What is in quotation marks, or not sure, stays a word.
`
}

function fieldRows(): string {
  return (Object.keys(searchFields) as FieldName[])
    .map((name) => {
      const { aliases, scopes, means, example } = searchFields[name]
      const also = aliases.map(code).join(', ')
      return `| ${code(name)} | ${also} | ${scopes.join(', ')} | ${means} | ${code(example)} |\n`
    })
    .join('')
}

const code = (text: string): string => `\`${inCell(text)}\``
const inCell = (text: string): string => text.replaceAll('|', '\\|')
