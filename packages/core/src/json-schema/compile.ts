// The one place that knows ajv. Loaded when a schema is first needed: nothing else needs it (design 6).
import { Ajv, type ValidateFunction } from 'ajv'
import { QuiltError } from '../errors.js'
import { isJsonArray, isJsonObject, type Json, JsonNumber } from '../json/value.js'
import { draft07Schema } from './draft-07.js'
import { failuresFrom, type SchemaFailure } from './failure.js'
import { pythonPattern } from './python-pattern.js'

/** Checks one value. Empty: it is valid. */
export type SchemaCheck = (value: Json) => readonly SchemaFailure[]

/** How much a check tells. */
export interface CompileOptions {
  /** The most failures it tells. 1: it stops at the first. */
  readonly limit: number
}

/**
 * A schema of draft-07 as a check that agrees with quilt3's (formats.md 8.3).
 *
 * `format` is not looked at, patterns are Python's, `1.0` is an integer. Integers beyond 2^53 are compared rounded.
 * @throws {QuiltError} `invalid_input` when the schema is not valid, names another draft or has a `$ref`
 */
export function compileSchema(schema: Json, { limit }: CompileOptions): SchemaCheck {
  const ajv = quiltsAjv(limit)
  const checking = draft07Schema(schema)
  if (typeof schema !== 'boolean' && !isJsonObject(schema)) throw notSchema('it is not an object')
  if (ajv.validate('http://json-schema.org/draft-07/schema#', checkable(schema)) !== true)
    throw notSchema(failuresFrom(ajv.errors ?? [], 1)[0]?.message ?? 'it is not draft-07')
  const check = compiled(ajv, checkable(checking))
  return (value) => (check(checkable(value)) ? [] : failuresFrom(check.errors ?? [], limit))
}

/** What a check found: the value as ordinary data, or what is wrong with it. */
export type Shaped<T> = { readonly data: T } | { readonly failures: readonly SchemaFailure[] }

/** A value as ordinary data of type T. The schema is ours, and is what makes it a T. */
export function shaped<T>(value: Json, schema: object): Shaped<T> {
  const check = quiltsAjv(mostFailures).compile<T>(schema)
  const data = checkable(value)
  return check(data) ? { data } : { failures: failuresFrom(check.errors ?? [], mostFailures) }
}

/** How many failures of a file are told at once. */
const mostFailures = 20

const quiltsAjv = (limit: number): Ajv =>
  new Ajv({
    strict: false,
    validateFormats: false,
    ownProperties: true,
    verbose: true,
    allErrors: limit > 1,
    logger: false,
    addUsedSchema: false,
    code: { regExp: Object.assign(pythonPattern.bind(undefined), { code: 'pythonPattern' }) },
  })

function compiled(ajv: Ajv, schema: unknown): ValidateFunction {
  try {
    return ajv.compile(typeof schema === 'object' && schema !== null ? schema : schema === true)
  } catch (cause) {
    if (cause instanceof QuiltError) throw cause
    throw notSchema('it is too deep, or has parts that do not go together', cause)
  }
}

function notSchema(why: string, cause?: unknown): QuiltError {
  return new QuiltError('invalid_input', `the schema is not valid: ${why}`, {
    hint: 'Correct the JSON Schema; it must be draft-07.',
    cause,
  })
}

/** A value as ajv looks at it: numbers are numbers, the largest rounded. */
function checkable(value: Json): unknown {
  if (value instanceof JsonNumber) return value.toNumber()
  if (isJsonArray(value)) return value.map(checkable)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, checkable(item)]))
}
