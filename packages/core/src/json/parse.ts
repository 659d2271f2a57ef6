// A JSON reader that loses nothing: number text, key order, NaN and Infinity of older manifests (formats.md 2.6, 3.3).
import { QuiltError } from '../errors.js'
import { emptyJsonObject, type Json, JsonNumber, type JsonObject, maxJsonDepth, tooDeep } from './value.js'

/**
 * Reads one JSON text without loss.
 *
 * Of a duplicate key the last value counts, at the first one's position. `NaN`, `Infinity` and `-Infinity` are read.
 * @throws {QuiltError} `invalid_input` with `details.position` (UTF-16 units from the start) when the text is not JSON,
 *   or is nested deeper than 1,000 levels
 */
export function parseJson(text: string): Json {
  const cursor: Cursor = { text, at: 0 }
  skipSpace(cursor)
  const value = readValue(cursor, 0)
  skipSpace(cursor)
  if (cursor.at < text.length) throw malformed(cursor, 'the end of the text')
  return value
}

/** Where reading has come to. */
interface Cursor {
  readonly text: string
  at: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

const numberPattern = /-?(?:Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|NaN/y
const fourHexDigits = /[0-9a-fA-F]{4}/y
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const words = new Map<string, Json>([
  ['t', true],
  ['f', false],
  ['n', null],
])

function readValue(cursor: Cursor, depth: number): Json {
  const code = cursor.text.charCodeAt(cursor.at)
  if (code === quote) return readString(cursor)
  if (code === openBrace) return readObject(cursor, depth + 1)
  if (code === openBracket) return readArray(cursor, depth + 1)
  const word = words.get(cursor.text.charAt(cursor.at))
  if (word !== undefined) {
    const spelling = String(word)
    if (!cursor.text.startsWith(spelling, cursor.at)) throw malformed(cursor, 'a value')
    cursor.at += spelling.length
    return word
  }
  return readNumber(cursor)
}

function readNumber(cursor: Cursor): JsonNumber {
  numberPattern.lastIndex = cursor.at
  const match = numberPattern.exec(cursor.text)
  if (match === null) throw malformed(cursor, 'a value')
  cursor.at += match[0].length
  return new JsonNumber(match[0])
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  if (depth > maxJsonDepth) throw tooDeep()
  cursor.at++
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) === closeBrace) {
    cursor.at++
    return emptyJsonObject
  }
  const members = new Map<string, Json>()
  for (;;) {
    if (cursor.text.charCodeAt(cursor.at) !== quote) throw malformed(cursor, 'a key in double quotes')
    const key = readString(cursor)
    skipSpace(cursor)
    expect(cursor, colon, '":"')
    skipSpace(cursor)
    members.set(key, readValue(cursor, depth))
    skipSpace(cursor)
    if (cursor.text.charCodeAt(cursor.at) === closeBrace) break
    expect(cursor, comma, '"," or "}"')
    skipSpace(cursor)
  }
  cursor.at++
  return members
}

function readArray(cursor: Cursor, depth: number): readonly Json[] {
  if (depth > maxJsonDepth) throw tooDeep()
  const items: Json[] = []
  cursor.at++
  skipSpace(cursor)
  if (cursor.text.charCodeAt(cursor.at) === closeBracket) {
    cursor.at++
    return items
  }
  for (;;) {
    items.push(readValue(cursor, depth))
    skipSpace(cursor)
    if (cursor.text.charCodeAt(cursor.at) === closeBracket) break
    expect(cursor, comma, '"," or "]"')
    skipSpace(cursor)
  }
  cursor.at++
  return items
}

function readString(cursor: Cursor): string {
  const { text } = cursor
  let from = cursor.at + 1
  let read = ''
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      cursor.at = at + 1
      return read === '' ? text.slice(from, at) : read + text.slice(from, at)
    }
    if (code < 0x20) throw malformed({ text, at }, 'no raw control character in a string')
    if (code === backslash) {
      cursor.at = at
      read += text.slice(from, at) + readEscape(cursor)
      from = cursor.at
      at = from - 1
    }
  }
  cursor.at = text.length
  throw malformed(cursor, 'a closing double quote')
}

/** Reads the escape at the cursor. Halves of a pair come one by one and join in the text; lone ones stay. */
function readEscape(cursor: Cursor): string {
  const kind = cursor.text.charAt(cursor.at + 1)
  if (kind !== 'u') {
    const character = shortEscapes[kind]
    if (character === undefined) throw malformed(cursor, 'a known escape')
    cursor.at += 2
    return character
  }
  fourHexDigits.lastIndex = cursor.at + 2
  const match = fourHexDigits.exec(cursor.text)
  if (match === null) throw malformed(cursor, 'four hexadecimal digits after \\u')
  cursor.at += 6
  return String.fromCharCode(Number.parseInt(match[0], 16))
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    cursor.at++
  }
}

function expect(cursor: Cursor, code: number, what: string): void {
  if (cursor.text.charCodeAt(cursor.at) !== code) throw malformed(cursor, what)
  cursor.at++
}

function malformed({ text, at }: Cursor, expected: string): QuiltError {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  const column = at - before.lastIndexOf('\n')
  return new QuiltError('invalid_input', `not valid JSON: expected ${expected} at line ${line}, column ${column}`, {
    hint: 'Correct the JSON text at that place.',
    details: { position: at, line, column },
  })
}
