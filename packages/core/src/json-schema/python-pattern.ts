// Python's regular expressions as JavaScript's: workflows and schemas are written for quilt3, which asks Python's `re`.
// The dialects differ in what \w, \d, $ and . match, in names of groups, and in what may be escaped.
import { QuiltError } from '../errors.js'

const word = '\\p{L}\\p{N}_'
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const start = '(?<![^])'
const end = '(?![^])'

/** What an escape stands for outside of brackets. */
const escapes: Readonly<Record<string, string>> = {
  A: start,
  Z: end,
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: `[${word}]`,
  W: `[^${word}]`,
  s: `[${space}]`,
  S: `[^${space}]`,
  b: `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`,
  B: `(?:(?<=[${word}])(?=[${word}])|(?<![${word}])(?![${word}]))`,
}
/** What it stands for in brackets, where it differs. */
const escapesInBrackets: Readonly<Record<string, string>> = { w: word, s: space, b: '\\x08' }
const controls: Readonly<Record<string, string>> = { a: '\\x07', f: '\\f', n: '\\n', r: '\\r', t: '\\t', v: '\\v' }
const groupStarts = ['(?:', '(?=', '(?!', '(?<=', '(?<!']

interface Reading {
  readonly pattern: string
  at: number
  readonly isMultiline: boolean
  readonly dotMatchesAll: boolean
}

/**
 * A pattern that matches what Python's `re.search` finds in text (formats.md 8.3): to be asked with `test`.
 * @throws {QuiltError} `invalid_input` when Python would refuse it, or when JavaScript has no counterpart: atomic and
 *   conditional groups, possessive quantifiers, flags for a part, `\N{...}`
 */
export function pythonPattern(pattern: string): RegExp {
  const flags = /^\(\?([aiLmsux]+)\)/.exec(pattern)?.[1] ?? ''
  if (/[aLx]/.test(flags)) throw unreadable(pattern, `the flags ${flags} are not supported`)
  const reading: Reading = {
    pattern,
    at: flags === '' ? 0 : flags.length + 3,
    isMultiline: flags.includes('m'),
    dotMatchesAll: flags.includes('s'),
  }
  let source = ''
  while (reading.at < pattern.length) source += nextPiece(reading)
  try {
    return new RegExp(source, flags.includes('i') ? 'iv' : 'v')
  } catch (cause) {
    throw unreadable(pattern, 'it is not a regular expression that can be run', cause)
  }
}

function nextPiece(reading: Reading): string {
  const character = String.fromCodePoint(reading.pattern.codePointAt(reading.at) ?? 0)
  if (character === '\\') return readEscape(reading, false)
  if (character === '[') return readBrackets(reading)
  if (character === '(') return readGroupStart(reading)
  if (character === '{') return readCount(reading)
  reading.at += character.length
  if (character === '.') return reading.dotMatchesAll ? '[^]' : '[^\\n]'
  if (character === '^') return reading.isMultiline ? '(?<![^\\n])' : start
  if (character === '$') return reading.isMultiline ? '(?![^\\n])' : `(?=\\n?${end})`
  return '|)*+?'.includes(character) ? character : literal(character)
}

function readGroupStart(reading: Reading): string {
  const rest = reading.pattern.slice(reading.at)
  if (!rest.startsWith('(?')) return taken(reading, 1, '(')
  const plain = groupStarts.find((each) => rest.startsWith(each))
  if (plain !== undefined) return taken(reading, plain.length, plain)
  const [named, name] = /^\(\?P<(\w+)>/.exec(rest) ?? []
  if (named !== undefined) return taken(reading, named.length, `(?<${name}>`)
  const [again, group] = /^\(\?P=(\w+)\)/.exec(rest) ?? []
  if (again !== undefined) return taken(reading, again.length, `\\k<${group}>`)
  const [comment] = /^\(\?#[^)]*\)/.exec(rest) ?? []
  if (comment !== undefined) return taken(reading, comment.length, '')
  throw unreadable(reading.pattern, `the group ${rest.slice(0, 4)} is not supported`)
}

/** `{2,3}` counts; a brace that does not is a brace. */
function readCount(reading: Reading): string {
  const [count, least, more, most] = /^\{(\d*)(,?)(\d*)\}/.exec(reading.pattern.slice(reading.at)) ?? []
  if (count === undefined || count === '{}') return taken(reading, 1, '\\{')
  return taken(reading, count.length, `{${least === '' ? '0' : least}${more}${most}}`)
}

function readBrackets(reading: Reading): string {
  const { pattern } = reading
  const isNegated = pattern.charAt(reading.at + 1) === '^'
  reading.at += isNegated ? 2 : 1
  const first = reading.at
  let items = ''
  while (reading.at === first || pattern.charAt(reading.at) !== ']') {
    if (reading.at >= pattern.length) throw unreadable(pattern, 'a bracket is not closed')
    items += readItem(reading)
    const isRange = pattern.charAt(reading.at) === '-' && !['', ']'].includes(pattern.charAt(reading.at + 1))
    if (!isRange) continue
    reading.at++
    items += `-${readItem(reading)}`
  }
  reading.at++
  return `[${isNegated ? '^' : ''}${items}]`
}

function readItem(reading: Reading): string {
  const character = String.fromCodePoint(reading.pattern.codePointAt(reading.at) ?? 0)
  return character === '\\' ? readEscape(reading, true) : taken(reading, character.length, literal(character))
}

function readEscape(reading: Reading, inBrackets: boolean): string {
  const rest = reading.pattern.slice(reading.at + 1)
  const [code] = /^(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/.exec(rest) ?? []
  if (code !== undefined) return taken(reading, code.length + 1, codePoint(Number.parseInt(code.slice(1), 16)))
  const [octal] = /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/.exec(rest) ?? []
  if (octal !== undefined) return taken(reading, octal.length + 1, codePoint(Number.parseInt(octal, 8)))
  const [group] = /^[1-9]\d?/.exec(rest) ?? []
  if (group !== undefined && !inBrackets) return taken(reading, group.length + 1, `(?:\\${group})`)
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0)
  const special = (inBrackets ? escapesInBrackets[character] : undefined) ?? escapes[character] ?? controls[character]
  const isPosition = inBrackets && 'AZB'.includes(character)
  if (special !== undefined && !isPosition) return taken(reading, 2, special)
  if (rest === '' || /^[A-Za-z0-9]/.test(rest)) {
    throw unreadable(reading.pattern, `\\${rest.slice(0, 1)} means nothing to Python`)
  }
  return taken(reading, character.length + 1, literal(character))
}

function taken(reading: Reading, length: number, piece: string): string {
  reading.at += length
  return piece
}

/** A character that stands for itself. Those that any notation could take for syntax are written by number. */
const literal = (character: string): string =>
  /[\p{L}\p{N}_ ]/u.test(character) ? character : codePoint(character.codePointAt(0) ?? 0)
const codePoint = (code: number): string => `\\u{${code.toString(16)}}`

function unreadable(pattern: string, why: string, cause?: unknown): QuiltError {
  return new QuiltError('invalid_input', `the pattern ${JSON.stringify(pattern)} cannot be checked: ${why}`, {
    hint: "Write a regular expression that Python's re and JavaScript both know.",
    details: { pattern },
    cause,
  })
}
