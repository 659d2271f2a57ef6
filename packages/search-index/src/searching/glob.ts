// Patterns of a query as SQLite's GLOB, which compares whole values, with case: both sides are folded before.
import { foldText, type PatternPart } from '@quilt-mcp/core'
import { never, type Sql, sql } from './sql.js'

/** The pattern, with what GLOB would read otherwise in brackets. */
function globOf(pattern: readonly PatternPart[]): string {
  return pattern
    .map((part) => {
      if (typeof part === 'string') return foldText(part).replace(/[[*?]/g, '[$&]')
      return part.any === 'many' ? '*' : '?'
    })
    .join('')
}

/** Whether a folded value fits a pattern. @param before GLOB that stands in front of it */
export function fits(value: Sql, pattern: readonly PatternPart[], before = ''): Sql {
  // SQLite ends a pattern at this character, and no key holds it.
  if (pattern.some((part) => typeof part === 'string' && part.includes('\0'))) return never
  return sql`${value} glob ${before + globOf(pattern)}`
}

/** Patterns of words that every key holds which the pattern fits: of runs of ASCII letters and digits, open where a wildcard touches
 * them. */
export function wordPatternsOf(pattern: readonly PatternPart[]): readonly (readonly PatternPart[])[] {
  const any: PatternPart = { any: 'many' }
  return pattern.flatMap((part, index) => {
    if (typeof part !== 'string') return []
    const text = foldText(part)
    return [...text.matchAll(/(?<![^\0-\x7f])[a-z0-9]+(?![^\0-\x7f])/g)].map(({ 0: word, index: at }) => [
      ...(at === 0 && index > 0 ? [any] : []),
      word,
      ...(at + word.length === text.length && index < pattern.length - 1 ? [any] : []),
    ])
  })
}

/** Whole words that every key holds which the pattern fits: those of ASCII that no wildcard touches.
 * @param startsWord whether the pattern begins where a word can (at the start of a part) */
export function wordsOfPattern(pattern: readonly PatternPart[]): readonly string[] {
  return pattern.flatMap((part, index) => {
    if (typeof part !== 'string') return []
    const text = foldText(part)
    return [...text.matchAll(/(?<![^\0-\x7f])[a-z0-9]+(?![^\0-\x7f])/g)].flatMap(({ 0: word, index: at }) => {
      const touchesLeft = at === 0 && index > 0
      const touchesRight = at + word.length === text.length && index < pattern.length - 1
      return touchesLeft || touchesRight ? [] : [word]
    })
  })
}
