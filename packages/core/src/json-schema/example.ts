// A value that a JSON Schema asks for, as far as it can be told without searching: a skeleton to be filled in.
import { fromPlain } from '../json/plain.js'
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from '../json/value.js'

/** Levels down to which a schema is followed. */
const deepest = 12
/** Items and characters that a schema may make an example have. */
const mostRepeated = 20

/** An example of a schema of draft-07: its constants, defaults, examples and first allowed values where it names such, otherwise a plain
 * value of the type. Objects have their required members alone. What a pattern asks for is not found: check the example before it is used. */
export const exampleOf = (schema: Json): Json => exampleAt(schema, 0)

function exampleAt(given: Json, depth: number): Json {
  if (!isJsonObject(given) || depth > deepest) return null
  const schema = flattened(given)
  const constant = schema.get('const')
  if (constant !== undefined) return constant
  const named = schema.get('default') ?? firstOf(schema.get('examples')) ?? firstOf(schema.get('enum'))
  if (named !== undefined) return named
  switch (typeOf(schema)) {
    case 'object':
      return objectExample(schema, depth)
    case 'array':
      return arrayExample(schema, depth)
    case 'string':
      return textExample(schema)
    case 'integer':
    case 'number':
      return numberExample(schema)
    case 'boolean':
      return true
    default:
      return null
  }
}

/** The schema with those of `allOf`, and the first of `anyOf` and `oneOf`, put into it. */
function flattened(schema: JsonObject): JsonObject {
  const parts = [...itemsOf(schema.get('allOf')), ...itemsOf(schema.get('anyOf')).slice(0, 1)]
  parts.push(...itemsOf(schema.get('oneOf')).slice(0, 1))
  return parts.filter(isJsonObject).reduce((all, part) => merged(all, part), schema)
}

function merged(schema: JsonObject, part: JsonObject): JsonObject {
  const all = new Map<string, Json>([...part, ...schema])
  for (const name of ['required', 'properties']) {
    const [a, b] = [schema.get(name), part.get(name)]
    if (isJsonArray(a) && isJsonArray(b)) all.set(name, [...new Set([...a, ...b])])
    if (isJsonObject(a) && isJsonObject(b)) all.set(name, new Map([...b, ...a]))
  }
  return all
}

function typeOf(schema: JsonObject): string | undefined {
  const type = firstOf(schema.get('type')) ?? schema.get('type')
  if (typeof type === 'string') return type
  if (schema.has('properties') || schema.has('required')) return 'object'
  if (schema.has('items')) return 'array'
  if (schema.has('pattern') || schema.has('minLength') || schema.has('format')) return 'string'
  return schema.has('minimum') || schema.has('maximum') ? 'number' : undefined
}

function objectExample(schema: JsonObject, depth: number): Json {
  const properties = schema.get('properties')
  const known = isJsonObject(properties) ? properties : new Map<string, Json>()
  const required = itemsOf(schema.get('required')).filter((name) => typeof name === 'string')
  return new Map(required.map((name) => [name, exampleAt(known.get(name) ?? new Map([['type', 'string']]), depth + 1)]))
}

function arrayExample(schema: JsonObject, depth: number): Json {
  const items = schema.get('items')
  const count = Math.min(numberIn(schema, 'minItems') ?? 1, mostRepeated)
  return Array.from({ length: count }, (_, at) =>
    exampleAt((isJsonArray(items) ? items[at] : items) ?? new Map([['type', 'string']]), depth + 1),
  )
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'name@example.com',
  uri: 'https://example.com/',
  regex: '.*',
}

function textExample(schema: JsonObject): string {
  const format = schema.get('format')
  const text = (typeof format === 'string' ? formats[format] : undefined) ?? 'text'
  const least = Math.min(numberIn(schema, 'minLength') ?? 0, mostRepeated)
  return text.padEnd(least, 'x').slice(0, numberIn(schema, 'maxLength'))
}

function numberExample(schema: JsonObject): Json {
  const least = numberIn(schema, 'minimum') ?? afterLimit(numberIn(schema, 'exclusiveMinimum'), 1)
  const most = numberIn(schema, 'maximum') ?? afterLimit(numberIn(schema, 'exclusiveMaximum'), -1)
  const value = least ?? (most === undefined ? 1 : Math.min(1, most))
  const step = numberIn(schema, 'multipleOf')
  return fromPlain(step === undefined || step <= 0 ? value : Math.ceil(value / step) * step)
}

const afterLimit = (limit: number | undefined, step: number) => (limit === undefined ? undefined : limit + step)

function numberIn(schema: JsonObject, keyword: string): number | undefined {
  const value = schema.get(keyword)
  return value instanceof JsonNumber ? value.toNumber() : undefined
}

const itemsOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : [])
const firstOf = (value: Json | undefined): Json | undefined => itemsOf(value)[0]
