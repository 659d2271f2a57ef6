// Keys and their extensions, of entries and objects.
import { type FieldMatch, fileExtension, foldText, type PatternPart } from '@quilt-mcp/core'
import { allOfText, anyOfText, inColumns, nothing, phraseOf } from './full-text.js'
import { fits, wordPatternsOf } from './glob.js'
import { keywordCondition } from './keyword-conditions.js'
import type { Db, Meaning } from './meaning.js'
import { numbersOfPattern } from './number-patterns.js'
import { every, never, type Sql, some, sql } from './sql.js'
import { type WordTable, wordsThatFit } from './vocabulary.js'

/** A table with keys. */
export interface KeyColumns {
  /** Folded. */
  readonly key: Sql
  readonly ext: Sql
}

export const entryKeys: KeyColumns = { key: sql`coalesce(e.folded, e.key)`, ext: sql`e.ext` }
export const objectKeys: KeyColumns = { key: sql`coalesce(o.folded, o.key)`, ext: sql`o.ext` }

/** Whether a key is what a term asks for. */
export const keyCondition = ({ key }: KeyColumns, match: FieldMatch, nowMs: number): Sql =>
  keywordCondition(key, match, nowMs)

/** Whether a pattern fits the key or the last parts of it. */
export const tailCondition = ({ key }: KeyColumns, pattern: readonly PatternPart[]): Sql =>
  some([fits(key, pattern), fits(key, pattern, '*/')])

/** What `ext` asks for, as extensions are kept. */
export const wantedExtension = (text: string): string => foldText(text).replace(/^\./, '')

/** Whether a term is about the extension alone, and not about the end of a longer name. */
export const isOfExtension = (match: FieldMatch): boolean =>
  match.by === 'wildcard'
    ? !hasDot(withoutDot(match.pattern))
    : (match.by !== 'word' && match.by !== 'phrase') || !wantedExtension(match.text).includes('.')

/** Whether a file has an extension; one with a dot inside is the end of the file's name. */
export function extensionCondition({ key, ext }: KeyColumns, match: FieldMatch, nowMs: number): Sql {
  if (match.by === 'wildcard') {
    const pattern = withoutDot(match.pattern)
    return hasDot(pattern) ? fits(fileNameOf(key), pattern, '*.') : fits(ext, pattern)
  }
  if (match.by !== 'word' && match.by !== 'phrase') return keywordCondition(ext, match, nowMs)
  const wanted = wantedExtension(match.text)
  if (!wanted.includes('.')) return sql`${ext} = ${wanted}`
  if (wanted.includes('/')) return never
  const last = fileExtension(`name.${wanted}`)
  return every([...(last === undefined ? [] : [sql`${ext} = ${last}`]), fits(key, [wanted], '*.')])
}

const hasDot = (pattern: readonly PatternPart[]): boolean =>
  pattern.some((part) => typeof part === 'string' && part.includes('.'))

function withoutDot([first, ...rest]: readonly PatternPart[]): readonly PatternPart[] {
  if (first === undefined) return rest
  return [typeof first === 'string' ? first.replace(/^\./, '') : first, ...rest]
}

/** What stands behind the last slash. */
const fileNameOf = (key: Sql): Sql => sql`substr(${key}, length(rtrim(${key}, replace(${key}, '/', ''))) + 1)`

/** What the full text index says of all keys that a term finds. Undefined: nothing. */
export function wordsOfKeys(match: FieldMatch, { db, scope }: Meaning): string | undefined {
  if (match.by === 'word' || match.by === 'phrase') return keyHolds(phraseOf(match.text))
  if (match.by !== 'wildcard') return undefined
  const terms = scope === 'objects' ? 'object_terms' : 'entry_terms'
  const words = [
    ...wordPatternsOf(match.pattern).flatMap((pattern) => wordsOfPart(db, pattern, terms)),
    ...numbersOfPattern(db, match.pattern),
  ]
  return words.length === 0 ? undefined : keyHolds(allOfText(words))
}

function wordsOfPart(db: Db, pattern: readonly PatternPart[], terms: WordTable['terms']): readonly string[] {
  const [word, ...others] = pattern
  if (typeof word === 'string' && others.length === 0) return [`"${word}"`]
  // To look for parts of numbers takes longer than they are worth.
  if (!pattern.some((part) => typeof part === 'string' && /[a-z]/.test(part))) return []
  const words = wordsThatFit(db, pattern, terms)
  if (words === undefined) return []
  return [words.length === 0 ? nothing : anyOfText(words.map((one) => `"${one}"`))]
}

const keyHolds = (expression: string | undefined): string | undefined =>
  expression === undefined ? undefined : inColumns(['key'], expression)
