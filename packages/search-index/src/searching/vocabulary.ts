// Patterns of one word: the words of the index that fit them.
import type { PatternPart } from '@quilt-mcp/core'
import { foldText } from '@quilt-mcp/core'
import { anyOfText, inColumns, nothing, startingWith } from './full-text.js'
import { fits } from './glob.js'
import type { Db } from './meaning.js'
import { rowsOf } from './rows.js'
import { every, type Sql, sql } from './sql.js'

/** A table of words, and the tables that tell which words it has (fts5vocab). */
export interface WordTable {
  readonly words: 'revision_words' | 'entry_words' | 'object_words'
  readonly terms: 'revision_terms' | 'entry_terms' | 'object_terms'
  readonly places: 'revision_places' | 'entry_places' | 'object_places'
}

/** More words in one expression take longer than looking through all places. */
const mostWords = 500

export interface WordPattern {
  readonly pattern: readonly PatternPart[]
  /** Of the table of words; none: all. */
  readonly columns: readonly string[]
}

/** What to ask the full text index for words of a pattern. Undefined: they are too many to be named.
 * @param isLocal whether it is asked for short stretches of rows again and again: then the start of words, for which all rows are gathered
 * first, is slower than the words themselves */
export function matchOfPattern(
  db: Db,
  { terms }: WordTable,
  { pattern, columns, isLocal = false }: WordPattern & { readonly isLocal?: boolean },
): string | undefined {
  const [start, ...rest] = pattern
  const isPrefix = typeof start === 'string' && rest.every((part) => typeof part !== 'string' && part.any === 'many')
  const prefix = isPrefix ? inColumns(columns, startingWith(foldText(start))) : undefined
  // Of words of digits alone many begin alike, and to look for them takes longer.
  if (prefix !== undefined && !isLocal && !/\D/.test(typeof start === 'string' ? start : '')) return prefix
  const found = wordsThatFit(db, pattern, terms)
  if (found === undefined) return prefix
  return found.length === 0 ? nothing : inColumns(columns, anyOfText(found.map((word) => `"${word}"`)))
}

/** The words of the index that fit a pattern. Undefined: they are many. Those of digits only are asked of the full text index, which
 * counts all their places for that. */
export function wordsThatFit(
  db: Db,
  pattern: readonly PatternPart[],
  terms: WordTable['terms'],
): readonly string[] | undefined {
  const hasLetter = pattern.some((part) => typeof part === 'string' && /[^0-9]/.test(foldText(part)))
  if (hasLetter) return namedWordsThatFit(db, pattern)
  return fewWords(db, sql`select term from ${{ text: terms, values: [] }} where ${wordFits(sql`term`, pattern)}`)
}

/** Of the words that are more than digits, those that fit a pattern. Undefined: they are many. */
export const namedWordsThatFit = (db: Db, pattern: readonly PatternPart[]): readonly string[] | undefined =>
  fewWords(db, sql`select text from word where ${wordFits(sql`text`, pattern)}`)

function fewWords(db: Db, words: Sql): readonly string[] | undefined {
  const found = rowsOf(db, sql`${words} limit ${mostWords + 1}`)
  return found.length > mostWords ? undefined : found.flatMap(([word]) => (typeof word === 'string' ? [word] : []))
}

/** The rows that have a word of a pattern in one of the columns. */
export function placesOfPattern({ places }: WordTable, { pattern, columns }: WordPattern): Sql {
  const inColumn = columns.length === 0 ? [] : [sql`col in (select value from json_each(${JSON.stringify(columns)}))`]
  return sql`select doc from ${{ text: places, values: [] }} where ${every([wordFits(sql`term`, pattern), ...inColumn])}`
}

/** With the stretch of the alphabet in which such words stand. */
function wordFits(word: Sql, pattern: readonly PatternPart[]): Sql {
  const [start] = pattern
  const from = typeof start === 'string' ? foldText(start) : ''
  const after = [...from].at(-1)?.codePointAt(0) ?? 0
  const stretch =
    from === '' || after >= 0xd7ff
      ? []
      : [sql`${word} >= ${from}`, sql`${word} < ${[...from].slice(0, -1).join('') + String.fromCodePoint(after + 1)}`]
  return every([...stretch, fits(word, pattern)])
}
