// Numbers of which a digit or two are open (`run_0?9`), in patterns of keys: the words that such keys hold.
import { foldText, type PatternPart } from '@quilt-mcp/core'
import { allOfText, anyOfText } from './full-text.js'
import type { Db } from './meaning.js'
import { namedWordsThatFit } from './vocabulary.js'

/** With more of them there are too many numbers to name. */
const mostOpen = 2

const digits = [...'0123456789']

/** What the full text index says of all keys that a pattern fits, for each of its numbers. */
export function numbersOfPattern(db: Db, pattern: readonly PatternPart[]): readonly string[] {
  return runsOf(pattern).flatMap((run) => {
    const ways = waysToRead(run).map((words) => words.flatMap((word) => wordsLike(db, word) ?? []))
    // A way that asks for nothing, or for more words than can be named, would let every key through.
    return ways.some((words) => words.length === 0) ? [] : [anyOfText(ways.map(allOfText))]
  })
}

/** Digits and `?`, where other ASCII characters or the ends of the key stand around them: whole words, unless a `?` is a character between
 * words. */
function runsOf(pattern: readonly PatternPart[]): readonly string[] {
  // `*` and what is not ASCII may be part of a word: both are letters here.
  const text = pattern
    .map((part) => (typeof part === 'string' ? literal(part) : part.any === 'one' ? '?' : 'x'))
    .join('')
  return [...text.matchAll(/(?<![a-z0-9?])[0-9?]+(?![a-z0-9?])/g)].flatMap(([run]) => {
    const open = run.replace(/[0-9]/g, '').length
    return open > 0 && open <= mostOpen && open < run.length ? [run] : []
  })
}

const literal = (part: string): string =>
  foldText(part)
    .replaceAll('?', '-')
    .replace(/[^\0-\x7f]/g, 'x')

/** A `?` is in a word or between two: all lists of words that a run can be. */
function waysToRead(run: string): readonly (readonly string[])[] {
  const at = run.indexOf('?')
  if (at === -1) return [[run]]
  const [start, end] = [run.slice(0, at), run.slice(at + 1)]
  return waysToRead(end).flatMap(([next = '', ...others]) => [
    [`${start}?${next}`, ...others],
    [start, next, ...others],
  ])
}

/** Any of the words that a word with open places can be. Undefined: nothing is asked of it, or they are too many. */
function wordsLike(db: Db, word: string): string | undefined {
  if (!/[0-9]/.test(word)) return undefined
  const pattern = word.split(/(\?)/).map((part): PatternPart => (part === '?' ? { any: 'one' } : part))
  const named = word.includes('?') ? namedWordsThatFit(db, pattern) : []
  return named && anyOfText([...numbersLike(word), ...named].map((one) => `"${one}"`))
}

function numbersLike(word: string): readonly string[] {
  return word.includes('?') ? digits.flatMap((digit) => numbersLike(word.replace('?', digit))) : [word]
}
