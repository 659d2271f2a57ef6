// Which JSON Schemas quilt3 takes, and which of their keywords it looks at (formats.md 8.3).
import { QuiltError } from '../errors.js'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json/value.js'

const draft07 = 'http://json-schema.org/draft-07/schema#'

// Keywords of draft-07 that check something, by what their value is made of. Not here: titles, defaults, `format`, `$id`.
const holdingData = new Set([
  ...['type', 'enum', 'const', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems'],
  ...['maxProperties', 'minProperties', 'required'],
])
const holdingSchemas = new Set([
  ...['not', 'if', 'then', 'else', 'contains', 'items', 'additionalItems', 'additionalProperties', 'propertyNames'],
  ...['allOf', 'anyOf', 'oneOf'],
])
const holdingNamedSchemas = new Set(['properties', 'patternProperties', 'dependencies'])

/**
 * The schema with no keyword but those that draft-07 checks: what a newer draft or OpenAPI adds is not looked at, as
 * quilt3 does not.
 * @throws {QuiltError} `invalid_input` when it names another draft, or has a `$ref` anywhere
 */
export function draft07Schema(schema: Json): Json {
  const named = isJsonObject(schema) ? schema.get('$schema') : undefined
  if (named !== undefined && named !== draft07) {
    throw new QuiltError('invalid_input', `the schema says $schema ${JSON.stringify(named)}, which is not supported`, {
      hint: `Write the schema in draft-07, with "$schema": "${draft07}" or without $schema.`,
    })
  }
  refuseReferences(schema, '')
  return checkingPart(schema)
}

function refuseReferences(value: Json, path: string): void {
  if (isJsonArray(value)) {
    for (const [at, item] of value.entries()) refuseReferences(item, `${path}/${at}`)
  } else if (isJsonObject(value)) {
    if (value.has('$ref')) {
      throw new QuiltError('invalid_input', `the schema has a $ref at ${path === '' ? 'its root' : path}`, {
        hint: 'Write the referenced schema in place: quilt3 refuses $ref anywhere, even as the name of a property.',
      })
    }
    for (const [key, item] of value) refuseReferences(item, `${path}/${key}`)
  }
}

function checkingPart(schema: Json): Json {
  if (isJsonArray(schema)) return schema.map(checkingPart)
  if (!isJsonObject(schema)) return schema
  const kept = new Map<string, Json>()
  for (const [keyword, value] of schema) {
    if (holdingData.has(keyword)) kept.set(keyword, value)
    else if (holdingSchemas.has(keyword)) kept.set(keyword, checkingPart(value))
    else if (holdingNamedSchemas.has(keyword) && isJsonObject(value)) kept.set(keyword, checkingParts(value))
  }
  return kept
}

/** Of `dependencies` a value may be a list of names, which stays as it is. */
const checkingParts = (named: JsonObject): JsonObject =>
  new Map(Array.from(named, ([name, value]) => [name, isJsonArray(value) ? value : checkingPart(value)]))
