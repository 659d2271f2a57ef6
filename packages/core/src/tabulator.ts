// Configs of Tabulator tables: files of many packages as one table (formats.md 9.6).
import { QuiltError } from './errors.js'
import { fromPlain } from './json/plain.js'
import type { Json } from './json/value.js'
import { inForm } from './json-schema/shape.js'

/** The types a column may have. */
export const tabulatorColumnTypes = [
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'STRING',
  'BINARY',
  'DATE',
  'TIMESTAMP',
] as const

/** A column that the files hold. */
export interface TabulatorColumn {
  /** A letter, then letters, digits, `_`, `-`; at most 255. Lower case is the safe choice. */
  readonly name: string
  readonly type: (typeof tabulatorColumnTypes)[number]
  /** Default true. */
  readonly nullable?: boolean
}

/** Which files make the table. */
export interface TabulatorSource {
  readonly type: 'quilt-packages'
  /** Regular expression for package names. Its named groups `(?<name>...)` become columns. */
  readonly package_name: string
  /** Regular expression for logical keys. Its named groups become columns. */
  readonly logical_key: string
}

/** How the files are read. */
export type TabulatorParser =
  | {
      readonly format: 'csv'
      /** Whether the first line holds names. Default false. */
      readonly header?: boolean
      /** One character. Default `,`. */
      readonly delimiter?: string
    }
  | { readonly format: 'parquet' }

/** The config of one table, with the keys of the file. */
export interface TabulatorTable {
  readonly schema: readonly TabulatorColumn[]
  readonly source: TabulatorSource
  readonly parser: TabulatorParser
  /** Skip files that cannot be read, and say so in `$issue`. Default false. */
  readonly continue_on_error?: boolean
}

const exactly = (properties: object, ...required: readonly string[]) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
})
const text = { type: 'string' }
const form = {
  what: 'the table config',
  hint: 'Correct the YAML: a table has a schema, a source and a parser, and no other keys than those of the format.',
  schema: exactly(
    {
      schema: {
        type: 'array',
        minItems: 1,
        items: exactly(
          {
            name: { ...text, maxLength: 255, pattern: '^[A-Za-z][A-Za-z0-9_-]*\\Z' },
            type: { enum: tabulatorColumnTypes },
            nullable: { type: 'boolean' },
          },
          'name',
          'type',
        ),
      },
      source: exactly(
        { type: { const: 'quilt-packages' }, package_name: text, logical_key: text },
        ...['type', 'package_name', 'logical_key'],
      ),
      parser: {
        type: 'object',
        required: ['format'],
        properties: { format: { enum: ['csv', 'parquet'] } },
        if: { properties: { format: { const: 'parquet' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: exactly({ format: true }),
        else: exactly({
          format: true,
          header: { type: 'boolean' },
          delimiter: { ...text, minLength: 1, maxLength: 1 },
        }),
      },
      continue_on_error: { type: 'boolean' },
    },
    ...['schema', 'source', 'parser'],
  ),
}

/**
 * Reads the config of a table. Its patterns are not tried: Tabulator's regular expressions are not JavaScript's.
 * @throws {QuiltError} `invalid_input` when it is not YAML or not valid: `details.failures` says rule, path and what would
 *   pass; when two columns have one name
 */
export async function parseTabulatorTable(source: string): Promise<TabulatorTable> {
  const { parseYaml } = await import('./yaml/parse.js')
  return checkedTable(parseYaml(source, form.what))
}

async function checkedTable(value: Json): Promise<TabulatorTable> {
  const table = await inForm<TabulatorTable>(value, form)
  const seen = new Set<string>()
  for (const name of tabulatorColumnNames(table)) {
    const folded = name.toLowerCase()
    if (seen.has(folded)) {
      throw new QuiltError(
        'invalid_input',
        `${form.what} is not valid: two columns are called ${JSON.stringify(name)}`,
        {
          hint: 'Rename one: columns of the schema and named groups of both patterns share one table, and case does not count.',
          details: { column: name },
        },
      )
    }
    seen.add(folded)
  }
  return table
}

/** Names of the columns that a query sees: those of the files, the named groups of both patterns, and Tabulator's own. */
export function tabulatorColumnNames({ schema, source }: TabulatorTable): readonly string[] {
  const groups = [source.package_name, source.logical_key].flatMap((pattern) =>
    Array.from(pattern.matchAll(/(?<!\\)(?:\\\\)*\(\?P?<([A-Za-z_]\w*)>/g), ([, name]) => name ?? ''),
  )
  const own = ['$pkg_name', '$logical_key', '$physical_key', '$top_hash', '$issue']
  return [...schema.map(({ name }) => name), ...groups, ...own]
}

/**
 * The YAML text of a config. It means the same in YAML 1.1 and 1.2.
 * @param keeping a text whose comments, order and spelling stay where it says the same already
 * @throws {QuiltError} `invalid_input` when the table is not valid, or the text to keep is not YAML
 */
export async function formatTabulatorTable(table: TabulatorTable, keeping?: string): Promise<string> {
  await checkedTable(fromPlain(table))
  const { editedYaml } = await import('./yaml/edit.js')
  return editedYaml(keeping ?? '', table, form.what)
}
