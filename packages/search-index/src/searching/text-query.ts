// The part of a query that the full text index of entries or objects answers alone, and what it says of the rest.
import { type FieldQuery, isWordPattern, type Query, type TextMatch } from '@quilt-mcp/core'
import { allOfText, anyOfText, butNot, inColumns, nothing, phraseOf } from './full-text.js'
import { wordsOfKeys, wordsOfTails } from './key-conditions.js'
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
  if (match.by !== 'word' && match.by !== 'phrase' && match.by !== 'wildcard') return undefined
  return field === 'content' || (field === 'meta' && path === '') ? matchOfText(match, meaning, [field]) : undefined
}

/** @param columns of the words' table; none: all */
function matchOfText(match: TextMatch, { db, scope }: Meaning, columns: readonly string[]): string | undefined {
  if (match.by !== 'wildcard') {
    const phrase = phraseOf(match.text)
    return phrase === undefined ? nothing : inColumns(columns, phrase)
  }
  if (!isWordPattern(match.pattern)) return nothing
  return matchOfPattern(db, scope === 'entries' ? entryWords : objectWords, { pattern: match.pattern, columns })
}

/** What the full text index says of everything that a term finds, though not of that alone. Undefined: nothing. */
export function narrowingOf(query: Query): string | undefined {
  if (query.kind === 'field') return query.field === 'key' ? wordsOfKeys(query.match) : undefined
  if (query.kind !== 'text' || query.match.by !== 'wildcard' || isWordPattern(query.match.pattern)) return undefined
  return wordsOfTails(query.match)
}
