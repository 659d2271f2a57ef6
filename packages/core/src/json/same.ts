// Whether two values are one, without writing either down.
import { pythonNumberText } from './python-number.js'
import { isJsonArray, isJsonObject, type Json, JsonNumber } from './value.js'

/**
 * Whether two values have the same canonical text (formats.md 3.2): the order of keys does not count, nor how a number
 * is spelled (`1.0` and `1e0`), but `1` and `1.0` are two values.
 */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (a instanceof JsonNumber) return b instanceof JsonNumber && sameNumber(a, b)
  if (isJsonArray(a)) return isJsonArray(b) && a.length === b.length && a.every((item, at) => sameItem(item, b[at]))
  if (!isJsonObject(a) || !isJsonObject(b) || a.size !== b.size) return false
  if (a.size === 0) return true
  for (const [key, value] of a) {
    if (!sameItem(value, b.get(key))) return false
  }
  return true
}

const sameItem = (a: Json, b: Json | undefined): boolean => b !== undefined && sameJson(a, b)

const sameNumber = (a: JsonNumber, b: JsonNumber): boolean =>
  a.text === b.text || pythonNumberText(a) === pythonNumberText(b)
