// quilt_summarize.json: which files the catalog shows of a directory, and how (formats.md 9.1).
import { encodeManifestJson } from './json/encode.js'
import { parseJson } from './json/parse.js'
import { fromPlain } from './json/plain.js'
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from './json/value.js'
import { inForm } from './json-schema/shape.js'

/** How a file is rendered. */
export interface SummarizeType {
  /** One of {@link summarizeTypeNames}; files of newer catalogs may have others. */
  readonly name: string
  /** CSS height, `1000px`. */
  readonly height?: string
  /** Of `perspective`: the view to restore. */
  readonly config?: JsonObject
  /** Of `perspective`: whether its settings are open. */
  readonly settings?: boolean
}

/** One file that is shown. */
export interface SummarizeFile {
  /** Relative to the summarize file, or an `s3://` URL. */
  readonly path: string
  readonly title?: string
  /** Markdown. */
  readonly description?: string
  /** Whether the preview is open from the start. Default false. */
  readonly expand?: boolean
  /** A share of the row (default 1), or a CSS length: `200px`, `30%`. */
  readonly width?: number | string
  /** Only the first counts for the catalog. */
  readonly types?: readonly SummarizeType[]
  /** Keys that this version does not know, kept as they are. */
  readonly unknown?: JsonObject
}

/** Files beside each other. */
export type SummarizeRow = readonly SummarizeFile[]

/** The renderers that the catalog has. */
export const summarizeTypeNames: readonly string[] = [
  'echarts',
  'html',
  'igv',
  'json',
  'jupyter',
  'perspective',
  'text',
  'vega',
  'voila',
]

/** @param strict as we write it; else as we read it */
const formOf = (strict: boolean) => {
  const name = strict ? { type: 'string', enum: summarizeTypeNames } : { type: 'string' }
  const type = {
    type: ['string', 'object'],
    if: { type: 'string' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: name,
    else: {
      required: ['name'],
      properties: {
        name,
        style: { type: 'object', properties: { height: { type: 'string' } } },
        config: { type: 'object' },
        settings: { type: 'boolean' },
      },
    },
  }
  const length = strict ? { pattern: '^[0-9]+([.][0-9]+)?(px|%)$' } : {}
  const file = {
    type: ['string', 'object'],
    minLength: 1,
    required: ['path'],
    properties: {
      path: { type: 'string', minLength: 1 },
      title: { type: 'string' },
      description: { type: 'string' },
      expand: { type: 'boolean' },
      width: { type: ['number', 'string'], exclusiveMinimum: 0, ...length },
      types: { type: 'array', items: type },
    },
  }
  const row = { type: ['string', 'object', 'array'], if: { type: 'array' }, else: file }
  return {
    what: 'quilt_summarize.json',
    hint: 'It is an array of rows; a row is a path, an object with a path, or an array of those.',
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    schema: { type: 'array', items: { ...row, then: { items: file } } },
  }
}

/**
 * Reads quilt_summarize.json. What a newer catalog may have added is taken as it is.
 * @throws {QuiltError} `invalid_input` when it is not JSON or not valid: `details.failures` says rule, path and what would pass
 */
export async function parseSummarize(text: string): Promise<readonly SummarizeRow[]> {
  const value = parseJson(text)
  await inForm(value, formOf(false))
  return itemsOf(value).map((row) => (isJsonArray(row) ? row.map(fileFrom) : [fileFrom(row)]))
}

const known = new Set(['path', 'title', 'description', 'expand', 'width', 'types'])

function fileFrom(value: Json): SummarizeFile {
  if (!isJsonObject(value)) return { path: textOf(value) ?? '' }
  const [title, description] = [textOf(value.get('title')), textOf(value.get('description'))]
  const [expand, width, types] = [value.get('expand'), value.get('width'), value.get('types')]
  const unknown = new Map([...value].filter(([key]) => !known.has(key)))
  return {
    path: textOf(value.get('path')) ?? '',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(typeof expand === 'boolean' && { expand }),
    ...(typeof width === 'string' && { width }),
    ...(width instanceof JsonNumber && { width: width.toNumber() }),
    ...(types !== undefined && { types: itemsOf(types).map(typeFrom) }),
    ...(unknown.size > 0 && { unknown }),
  }
}

function typeFrom(value: Json): SummarizeType {
  if (!isJsonObject(value)) return { name: textOf(value) ?? '' }
  const [style, config, settings] = [value.get('style'), value.get('config'), value.get('settings')]
  const height = isJsonObject(style) ? textOf(style.get('height')) : undefined
  return {
    name: textOf(value.get('name')) ?? '',
    ...(height !== undefined && { height }),
    ...(isJsonObject(config) && { config }),
    ...(typeof settings === 'boolean' && { settings }),
  }
}

const itemsOf = (value: Json): readonly Json[] => (isJsonArray(value) ? value : [])
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * The text of quilt_summarize.json, a row a line, in the shortest form that says the same.
 * @throws {QuiltError} `invalid_input` for renderers and widths that the catalog does not know, or an empty path
 */
export async function formatSummarize(rows: readonly SummarizeRow[]): Promise<string> {
  const value = rows.map((row): Json => {
    const files = row.map(fileJson)
    return files.length === 1 && files[0] !== undefined ? files[0] : files
  })
  await inForm(value, formOf(true))
  return value.length === 0 ? '[]\n' : `[\n${value.map((row) => `  ${encodeManifestJson(row)}`).join(',\n')}\n]\n`
}

function fileJson({ path, types, unknown, ...rest }: SummarizeFile): Json {
  const { title, description, expand, width } = rest
  const object = fromPlain({ path, title, description, expand, width, types: types?.map(typeJson) })
  if (!isJsonObject(object)) return object
  return object.size === 1 && unknown === undefined ? path : new Map([...object, ...(unknown ?? [])])
}

const typeJson = ({ name, height, config, settings }: SummarizeType): unknown =>
  height === undefined && config === undefined && settings === undefined
    ? name
    : { name, style: height === undefined ? undefined : { height }, config, settings }
