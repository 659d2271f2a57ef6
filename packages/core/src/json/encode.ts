// The three ways a value becomes text: a manifest's line, the text that is hashed, the wire (formats.md 2.6, 3.2).
import { compareCodePoints } from '../code-points.js'
import { QuiltError } from '../errors.js'
import { pythonNumberText } from './python-number.js'
import { isJsonArray, type Json, JsonNumber, maxJsonDepth, tooDeep } from './value.js'

/** How one kind of text is written. */
interface Notation {
  readonly comma: string
  readonly colon: string
  readonly sortKeys: boolean
  readonly text: (value: string) => string
  readonly number: (value: JsonNumber) => string
}

const manifestLine: Notation = {
  comma: ', ',
  colon: ': ',
  sortKeys: false,
  text: wellFormedText,
  number(value) {
    if (!value.isInteger && !Number.isFinite(value.toNumber())) throw notFinite(value)
    return value.text
  },
}

const hashed: Notation = { comma: ',', colon: ':', sortKeys: true, text: asciiText, number: pythonNumberText }

const wire: Notation = {
  comma: ',',
  colon: ':',
  sortKeys: false,
  text: JSON.stringify,
  number(value) {
    if (/[NI]/.test(value.text)) throw notFinite(value)
    return value.text
  },
}

/**
 * A value as a manifest line holds it: `", "` and `": "`, key order and number text kept, characters raw
 * (formats.md 2.6).
 * @throws {QuiltError} `invalid_input` for lone surrogates, NaN, infinite numbers, nesting deeper than 1,000
 */
export function encodeManifestJson(value: Json): string {
  return encode(value, manifestLine, 0)
}

/**
 * A value as the top hash takes it: no spaces, keys by code point, ASCII only, numbers as Python prints them
 * (formats.md 3.2, 3.3).
 * @throws {QuiltError} `invalid_input` for nesting deeper than 1,000
 */
export function encodeCanonicalJson(value: Json): string {
  return encode(value, hashed, 0)
}

/**
 * A value as it goes over the wire: compact, key order and number text kept.
 * @throws {QuiltError} `invalid_input` for NaN and Infinity, which JSON cannot say, and for nesting deeper than 1,000
 */
export function encodeJson(value: Json): string {
  return encode(value, wire, 0)
}

function encode(value: Json, notation: Notation, depth: number): string {
  if (typeof value === 'string') return notation.text(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (value instanceof JsonNumber) return notation.number(value)
  if (depth >= maxJsonDepth) throw tooDeep()
  if (isJsonArray(value)) {
    return `[${value.map((item) => encode(item, notation, depth + 1)).join(notation.comma)}]`
  }
  if (value.size === 0) return '{}'
  const members = notation.sortKeys ? [...value].sort(([a], [b]) => compareCodePoints(a, b)) : [...value]
  const texts = members.map(([key, item]) => notation.text(key) + notation.colon + encode(item, notation, depth + 1))
  return `{${texts.join(notation.comma)}}`
}

/** Text that every notation writes as it is, between quotes: most text by far, so it is asked for first. */
const needsNoEscape = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const loneSurrogate = /\p{Surrogate}/u

/** JSON.stringify escapes as Python does, except for what lies outside ASCII and for U+007F. */
function asciiText(value: string): string {
  if (needsNoEscape.test(value)) return `"${value}"`
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)
}

function wellFormedText(value: string): string {
  if (needsNoEscape.test(value)) return `"${value}"`
  if (loneSurrogate.test(value)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(value)} holds half of a surrogate pair`, {
      hint: 'A manifest is UTF-8: remove the broken character.',
    })
  }
  return JSON.stringify(value)
}

function notFinite(value: JsonNumber): QuiltError {
  return new QuiltError('invalid_input', `${value.text} is not a finite number and cannot be written`, {
    hint: 'Use null or text for a missing or infinite number.',
  })
}
