// Between lossless JSON and ordinary JavaScript values.
import { QuiltError } from '../errors.js'
import { pythonFloatText } from './python-number.js'
import { emptyJsonObject, isJsonArray, isJsonObject, type Json, JsonNumber, maxJsonDepth, tooDeep } from './value.js'

/**
 * An ordinary value as lossless JSON.
 *
 * Whole numbers up to 2^53 - 1 become integers, as Python would have read them from `JSON.stringify`; other numbers
 * floats; bigints integers. Members that are `undefined` are dropped. Lossless values (JsonNumber, Map) pass through.
 * @throws {QuiltError} `invalid_input` for what JSON cannot say: functions, symbols, dates and other class instances,
 *   NaN, infinite numbers, `undefined` elsewhere, nesting deeper than 1,000 (cycles included)
 */
export function fromPlain(value: unknown): Json {
  return convert(value, '', 0)
}

function convert(value: unknown, path: string, depth: number): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (value instanceof JsonNumber) return value
  if (typeof value === 'bigint') return new JsonNumber(value.toString())
  if (typeof value === 'number' && Number.isFinite(value)) {
    return new JsonNumber(Number.isSafeInteger(value) ? value.toFixed() : pythonFloatText(value))
  }
  if (depth >= maxJsonDepth) throw tooDeep()
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return Array.from(items, (item, index) => convert(item, `${path}[${index}]`, depth + 1))
  }
  const members = membersOf(value)
  if (members === undefined) throw notJson(value, path)
  const object = new Map<string, Json>()
  for (const [key, item] of members) {
    if (typeof key !== 'string') throw notJson(key, `${path} (a key)`)
    if (item !== undefined) object.set(key, convert(item, `${path}.${key}`, depth + 1))
  }
  return object.size === 0 ? emptyJsonObject : object
}

/** The members of a Map or of an object literal; undefined for anything else. */
function membersOf(value: unknown): Iterable<readonly [unknown, unknown]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Map) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  const isLiteral = prototype === null || Object.getPrototypeOf(prototype) === null
  return isLiteral ? Object.entries(value) : undefined
}

function notJson(value: unknown, path: string): QuiltError {
  const what = typeof value === 'object' ? (value?.constructor.name ?? 'object') : String(value)
  return new QuiltError('invalid_input', `${path === '' ? 'the value' : path} is not JSON: ${what}`, {
    hint: 'Use null, booleans, finite numbers, text, arrays and plain objects.',
  })
}

/**
 * A value as ordinary JavaScript data, for people and for libraries that know no other.
 *
 * Lossy: floats and integers become one kind, integer-like keys move to the front. Integers beyond 2^53 - 1 and numbers
 * that are not finite become their text. A key `__proto__` stays an own member.
 */
export function toPlain(value: Json): unknown {
  if (value instanceof JsonNumber) {
    const number = value.toNumber()
    const exact = value.isInteger ? Number.isSafeInteger(number) : Number.isFinite(number)
    return exact ? number : value.text
  }
  if (isJsonArray(value)) return value.map(toPlain)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, toPlain(item)]))
}
