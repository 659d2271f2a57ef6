import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml12 } from 'yaml'
import { formatTabulatorTable, parseTabulatorTable, tabulatorColumnNames, tabulatorColumnTypes } from './tabulator.js'

// formats.md 9.6
const text = `# quantification, one row a gene
schema:
  - {name: gene_id, type: STRING}
  - {name: tpm, type: DOUBLE, nullable: true} # transcripts per million
source:
  type: quilt-packages
  package_name: ^study/(?<study_id>[^_]+)_rnaseq$
  logical_key: ^quant/(?<sample>[^/]+)\\.tsv$
parser: {format: csv, delimiter: "\\t", header: true}
continue_on_error: true
`
const minimal = {
  schema: [{ name: 'id', type: 'INT' }],
  source: { type: 'quilt-packages', package_name: '^a/b$', logical_key: 'x' },
  parser: { format: 'parquet' },
} as const

describe('parseTabulatorTable', () => {
  it('reads a config', async () => {
    expect(await parseTabulatorTable(text)).toEqual({
      schema: [
        { name: 'gene_id', type: 'STRING' },
        { name: 'tpm', type: 'DOUBLE', nullable: true },
      ],
      source: {
        type: 'quilt-packages',
        package_name: '^study/(?<study_id>[^_]+)_rnaseq$',
        logical_key: '^quant/(?<sample>[^/]+)\\.tsv$',
      },
      parser: { format: 'csv', delimiter: '\t', header: true },
      continue_on_error: true,
    })
  })

  it.each([
    ['no columns', { schema: [] }, /^\/schema must NOT have fewer than 1/],
    ['a column that starts with a digit', { schema: [{ name: '1a', type: 'INT' }] }, /^\/schema\/0\/name must match/],
    ['a type of another database', { schema: [{ name: 'a', type: 'VARCHAR' }] }, /^\/schema\/0\/type must be one of/],
    ['a source without pattern', { source: { type: 'quilt-packages', logical_key: 'x' } }, /must have "package_name"/],
    ['another source', { source: { ...minimal.source, type: 's3' } }, /must be "quilt-packages"; it is "s3"/],
    ['a delimiter of two characters', { parser: { format: 'csv', delimiter: '||' } }, /must NOT have more than 1/],
    ['a delimiter for parquet', { parser: { format: 'parquet', delimiter: ',' } }, /may not have "delimiter"/],
    ['another format', { parser: { format: 'json' } }, /must be one of \["csv","parquet"\]/],
    ['an unknown key', { owner: 'me' }, /the value may not have "owner"/],
    ['a boolean in quotes', { continue_on_error: 'yes' }, /must be of type boolean/],
  ])('refuses %s, and says what would pass', async (_, change, message) => {
    await expect(parseTabulatorTable(JSON.stringify({ ...minimal, ...change }))).rejects.toMatchObject({
      code: 'invalid_input',
      details: {
        failures: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(message) })]),
      },
    })
  })

  it('refuses two columns of one name, whatever their case and where they come from', async () => {
    const source = { ...minimal.source, package_name: '(?<ID>.)' }
    await expect(parseTabulatorTable(JSON.stringify({ ...minimal, source }))).rejects.toMatchObject({
      code: 'invalid_input',
      details: { column: 'ID' },
    })
  })
})

it('names all columns that a query sees', async () => {
  expect(tabulatorColumnNames(await parseTabulatorTable(text))).toEqual([
    ...['gene_id', 'tpm', 'study_id', 'sample'],
    ...['$pkg_name', '$logical_key', '$physical_key', '$top_hash', '$issue'],
  ])
})

describe('formatTabulatorTable', () => {
  it('writes a new config', async () => {
    expect(await formatTabulatorTable(minimal)).toBe(`schema:
  - name: id
    type: INT
source:
  type: quilt-packages
  package_name: '^a/b$'
  logical_key: x
parser:
  format: parquet
`)
  })

  it('leaves a text that says the same as it is', async () => {
    const spaced = text.replace('{name: gene_id, type: STRING}', '{ type: STRING,   name: "gene_id" }')
    expect(await formatTabulatorTable(await parseTabulatorTable(text), spaced)).toBe(spaced)
  })

  it('changes what differs, and keeps comments, order and quotes', async () => {
    const table = await parseTabulatorTable(text)
    const edited = {
      ...table,
      schema: [...table.schema, { name: 'y', type: 'BOOLEAN' } as const],
      parser: { format: 'csv', delimiter: ';', header: true } as const,
      continue_on_error: undefined,
    }
    const { continue_on_error: _, ...wanted } = edited
    const written = await formatTabulatorTable(wanted, text)
    expect(written).toBe(
      text
        .replace('million\n', "million\n  - name: 'y'\n    type: BOOLEAN\n")
        .replace('"\\t"', "';'")
        .replaceAll(/\{(.*)\}/g, '{ $1 }')
        .replace('continue_on_error: true\n', ''),
    )
    expect(await parseTabulatorTable(written)).toEqual(wanted)
  })

  it('refuses a table that is not valid', async () => {
    await expect(formatTabulatorTable({ ...minimal, schema: [] })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('means the same in YAML 1.1 and 1.2, whatever it replaces', async () => {
    const column = fc.record({
      name: fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,8}$/),
      type: fc.constantFrom(...tabulatorColumnTypes),
      nullable: fc.boolean(),
    })
    const pattern = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((each) => each.replaceAll('(', '')),
      fc.constantFrom(
        'yes',
        'n',
        '0o17',
        '1e3',
        '010',
        '~',
        '1:30',
        '2024-01-01',
        '<<',
        '',
        ' a',
        '# a',
        "'",
        '\t',
        '\u2028',
      ),
    )
    const table = fc.record({
      schema: fc.uniqueArray(column, { minLength: 1, maxLength: 3, selector: ({ name }) => name.toLowerCase() }),
      source: fc.record({ type: fc.constant('quilt-packages' as const), package_name: pattern, logical_key: pattern }),
      parser: fc.constant({ format: 'csv', delimiter: '\t' } as const),
    })
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom('', text), async (wanted, keeping) => {
        const written = await formatTabulatorTable(wanted, keeping)
        expect(await parseTabulatorTable(written)).toEqual(wanted)
        expect(parseYaml12(written)).toEqual(wanted)
      }),
      { numRuns: 50 },
    )
  })
})
