// User metadata as it is searched: typed values at JSON pointers, as the catalog's indexer has them (formats.md 6.3).
import { isJsonArray, isJsonObject, type Json, JsonNumber, type JsonObject } from '../json/value.js'
import type { MetaType } from './request.js'

/** One value. Of a list of strings each string is one. */
export interface MetaValue {
  /** JSON pointer (RFC 6901). */
  readonly path: string
  readonly type: MetaType
  /** Of numbers; of booleans 0 or 1; of datetimes milliseconds since 1970. */
  readonly number?: number
  /** Of keywords and texts, as written. */
  readonly text?: string
}

const maxKeywordLength = 256

/** The typed values of user metadata, in their order. Text is a datetime if it is an ISO date, with or without a time (without a zone:
 * UTC), else a keyword up to 256 characters, else a text. Nulls and other lists than of strings have none.
 * @param userMeta a JSON object; of anything else there are none */
export function metaValues(userMeta: Json | undefined): readonly MetaValue[] {
  return isJsonObject(userMeta) ? [...valuesOf(userMeta, '')] : []
}

function* valuesOf(object: JsonObject, parent: string): Generator<MetaValue> {
  for (const [key, value] of object) {
    const path = `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (isJsonObject(value)) yield* valuesOf(value, path)
    else if (isJsonArray(value)) yield* listValues(value, path)
    else if (typeof value === 'boolean') yield { path, type: 'boolean', number: Number(value) }
    else if (typeof value === 'string') yield textValue(value, path)
    else if (value instanceof JsonNumber && Number.isFinite(value.toNumber())) {
      yield { path, type: 'number', number: value.toNumber() }
    }
  }
}

function textValue(text: string, path: string): MetaValue {
  const ms = datetimeOf(text)
  if (ms !== undefined) return { path, type: 'datetime', number: ms }
  return { path, type: isKeyword(text) ? 'keyword' : 'text', text }
}

function listValues(list: readonly Json[], path: string): MetaValue[] {
  const texts = list.filter((item) => typeof item === 'string')
  if (texts.length < list.length) return []
  const type = texts.every(isKeyword) ? 'keyword' : 'text'
  return texts.map((text) => ({ path, type, text }))
}

/** Python counts characters, not UTF-16 units. */
const isKeyword = (text: string): boolean => text.length <= maxKeywordLength || [...text].length <= maxKeywordLength

const isoDate = /^(\d{4}-\d{2}-\d{2})(?:.(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?)?(Z|[+-]\d{2}:\d{2})?)?$/su

function datetimeOf(text: string): number | undefined {
  const [, date, hour = '00', minute = '00', second = '00', zone = 'Z'] = isoDate.exec(text) ?? []
  if (date === undefined) return undefined
  const ms = Date.parse(`${date}T${hour}:${minute}:${second}${zone}`)
  // JavaScript reads 30 February as 2 March, and 24:00 as the next day.
  const isDate = new Date(Date.parse(`${date}T00:00Z`)).toISOString().startsWith(date)
  return Number.isNaN(ms) || hour === '24' || !isDate ? undefined : ms
}

/** The keys and values of metadata as one text, in their order: what words are looked up in. */
export function metaWordsText(userMeta: Json | undefined): string {
  return userMeta === undefined ? '' : [...textsOf(userMeta)].join(' ')
}

function* textsOf(value: Json): Generator<string> {
  if (isJsonObject(value)) {
    for (const [key, member] of value) {
      yield key
      yield* textsOf(member)
    }
  } else if (isJsonArray(value)) for (const item of value) yield* textsOf(item)
  else if (value instanceof JsonNumber) yield value.text
  else if (value !== null) yield String(value)
}
