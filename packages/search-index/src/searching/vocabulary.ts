// Patterns of one word: the words of the index that fit them.
import type { PatternPart } from '@quilt-mcp/core'
import { foldText } from '@quilt-mcp/core'
import { anyOfText, inColumns, nothing, startingWith } from './full-text.js'
import { fits } from './glob.js'
import type { Db } from './meaning.js'
import { every, type Sql, sql } from './sql.js'

/** A table of words, and the tables that tell which words it has (fts5vocab). */
export interface WordTable {
  readonly words: 'revision_words' | 'entry_words' | 'object_words'
  readonly terms: 'revision_terms' | 'entry_terms' | 'object_terms'
  readonly places: 'revision_places' | 'entry_places' | 'object_places'
}

/** More words in one expression take longer than looking through all places. */
const mostWords = 500

/** What to ask the full text index for words of a pattern. Undefined: they are too many to be named. */
export function matchOfPattern(
  db: Db,
  { terms }: WordTable,
  { pattern, columns }: { pattern: readonly PatternPart[]; columns: readonly string[] },
): string | undefined {
  const [start, ...rest] = pattern
  const isPrefix = typeof start === 'string' && rest.every((part) => typeof part !== 'string' && part.any === 'many')
  if (isPrefix) return inColumns(columns, startingWith(foldText(start)))
  const { text, values } =
    sql`select term from ${{ text: terms, values: [] }} where ${termFits(pattern)} limit ${mostWords + 1}`
  const found = db
    .prepare(text)
    .pluck()
    .all(...values)
  if (found.length > mostWords) return undefined
  return found.length === 0 ? nothing : inColumns(columns, anyOfText(found.map((term) => `"${String(term)}"`)))
}

/** The rows that have a word of a pattern in one of the columns. */
export function placesOfPattern(
  { places }: WordTable,
  { pattern, columns }: { pattern: readonly PatternPart[]; columns: readonly string[] },
): Sql {
  const inColumn = columns.length === 0 ? [] : [sql`col in (select value from json_each(${JSON.stringify(columns)}))`]
  return sql`select doc from ${{ text: places, values: [] }} where ${every([termFits(pattern), ...inColumn])}`
}

/** With the stretch of the alphabet in which such words stand. */
function termFits(pattern: readonly PatternPart[]): Sql {
  const [start] = pattern
  const from = typeof start === 'string' ? foldText(start) : ''
  const after = [...from].at(-1)?.codePointAt(0) ?? 0
  const stretch =
    from === '' || after >= 0xd7ff
      ? []
      : [sql`term >= ${from}`, sql`term < ${[...from].slice(0, -1).join('') + String.fromCodePoint(after + 1)}`]
  return every([...stretch, fits(sql`term`, pattern)])
}
