// The part of a query that the full text index of entries or objects answers alone, and what it says of the rest.
import {
  type FieldQuery,
  isWordPattern,
  type PatternPart,
  type Query,
  searchWords,
  type TextMatch,
} from '@quilt-mcp/core'
import { allOfText, anyOfText, butNot, inColumns, nothing, phraseOf } from './full-text.js'
import { wantedExtension, wordsOfKeys } from './key-conditions.js'
import type { Meaning } from './meaning.js'
import { matchOfPattern, type WordTable } from './vocabulary.js'

export const entryWords: WordTable = { words: 'entry_words', terms: 'entry_terms', places: 'entry_places' }
export const objectWords: WordTable = { words: 'object_words', terms: 'object_terms', places: 'object_places' }
export const revisionWords: WordTable = { words: 'revision_words', terms: 'revision_terms', places: 'revision_places' }

/** Deeper ones are more than its parser holds. */
const deepest = 8

/** What to ask the full text index so that it answers a query by itself. Undefined: it cannot. */
export function matchOf(query: Query, meaning: Meaning, depth = 0): string | undefined {
  if (meaning.scope === 'packages' || depth > deepest) return undefined
  switch (query.kind) {
    case 'text':
      // A pattern of more than a word is compared with whole keys.
      if (query.match.by === 'wildcard' && !isWordPattern(query.match.pattern)) return undefined
      return matchOfText(query.match, meaning, meaning.textColumns ?? [])
    case 'field':
      return matchOfField(query, meaning)
    case 'or': {
      const operands = query.operands.map((operand) => matchOf(operand, meaning, depth + 1))
      return operands.every((one) => one !== undefined) ? anyOfText(operands) : undefined
    }
    case 'and':
      return matchOfAll(query.operands, meaning, depth)
    default:
      return undefined
  }
}

function matchOfAll(operands: readonly Query[], meaning: Meaning, depth: number): string | undefined {
  const found: string[] = []
  const left: string[] = []
  for (const operand of operands) {
    const match = matchOf(operand.kind === 'not' ? operand.operand : operand, meaning, depth + 1)
    if (match === undefined) return undefined
    ;(operand.kind === 'not' ? left : found).push(match)
  }
  return found.length === 0 ? undefined : butNot(allOfText(found), left)
}

function matchOfField({ field, path = '', match }: FieldQuery, meaning: Meaning): string | undefined {
  if (field === 'key') return match.by === 'wildcard' ? matchOfPart(match.pattern, meaning) : undefined
  if (match.by !== 'word' && match.by !== 'phrase' && match.by !== 'wildcard') return undefined
  if (field === 'ext') return match.by === 'wildcard' ? undefined : extensionMatch(match.text)
  return field === 'content' || (field === 'meta' && path === '') ? matchOfText(match, meaning, [field]) : undefined
}

/** What stands anywhere in a key and can only be part of one word. */
function matchOfPart(pattern: readonly PatternPart[], { db, scope }: Meaning): string | undefined {
  const [start, part, end, ...others] = pattern
  const isOpen = [start, end].every((one) => typeof one === 'object' && one.any === 'many')
  if (!isOpen || others.length > 0 || typeof part !== 'string' || !/^(?=.*[a-z])[a-z0-9]+$/i.test(part))
    return undefined
  return matchOfPattern(db, scope === 'entries' ? entryWords : objectWords, { pattern, columns: ['key'] })
}

/** @param columns of the words' table; none: all */
function matchOfText(
  match: TextMatch,
  { db, scope, textColumns }: Meaning,
  columns: readonly string[],
): string | undefined {
  if (match.by !== 'wildcard') {
    const phrase = phraseOf(match.text)
    return phrase === undefined ? nothing : inColumns(columns, phrase)
  }
  if (!isWordPattern(match.pattern)) return nothing
  return matchOfPattern(db, scope === 'entries' ? entryWords : objectWords, {
    pattern: match.pattern,
    columns,
    isLocal: textColumns !== undefined,
  })
}

/** What the full text index says of everything that a term finds, though not of that alone. Undefined: nothing. */
export function narrowingOf(query: Query, meaning: Meaning): string | undefined {
  if (query.kind === 'field') return query.field === 'key' ? wordsOfKeys(query.match, meaning) : undefined
  if (query.kind !== 'text' || query.match.by !== 'wildcard' || isWordPattern(query.match.pattern)) return undefined
  return wordsOfKeys(query.match, meaning)
}

/** Extensions of one word have a column of their own. Undefined: it is of several, or the end of a longer name. */
function extensionMatch(text: string): string | undefined {
  const extension = wantedExtension(text)
  const isWord = searchWords(extension).join(' ') === extension
  return isWord ? inColumns(['ext'], `"${extension}"`) : undefined
}

/** The words of an extension, which all names that end in it hold. It is worth asking only where the full text index is asked anyway. */
export function extensionWords({ field, match }: FieldQuery): string | undefined {
  if (field !== 'ext' || (match.by !== 'word' && match.by !== 'phrase')) return undefined
  // Of other characters folding may join or part some.
  const words = /^[\0-\x7f]*$/.test(match.text) ? phraseOf(match.text) : undefined
  return words === undefined ? undefined : inColumns(['base'], words)
}
