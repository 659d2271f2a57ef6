// What a query means, on one document: slow and plain. The engines are held against it (decision 0012).
import type { FieldMatch, FieldQuery, Query, TextMatch } from '../query/ast.js'
import type { SearchScope } from '../query/fields.js'
import type { SearchDocument } from './document.js'
import { fileExtension } from './file-extension.js'
import { metaMatches } from './meta-match.js'
import { metaWordsText } from './meta-values.js'
import { inRange, type Point } from './range-match.js'
import {
  extensionMatches,
  fitsPattern,
  isWordPattern,
  keyFitsPattern,
  keywordMatches,
  textHolds,
} from './text-match.js'

export interface MatchOptions {
  readonly scope: SearchScope
  /** Milliseconds since 1970: what `now-30d` counts from. */
  readonly nowMs: number
}

/** Whether a document is found by a query. Never throws; a field that the document does not have holds nothing. */
export function matchesQuery(query: Query, document: SearchDocument, options: MatchOptions): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'and':
      return query.operands.every((operand) => matchesQuery(operand, document, options))
    case 'or':
      return query.operands.some((operand) => matchesQuery(operand, document, options))
    case 'not':
      return !matchesQuery(query.operand, document, options)
    case 'text':
      return textMatches(query.match, document, options.scope)
    case 'field':
      return fieldMatches(query, document, options)
  }
}

/** Where words look. */
function textMatches(match: TextMatch, document: SearchDocument, scope: SearchScope): boolean {
  const { name, comment, meta, workflow, content } = document
  const keys = keysOf(document, scope)
  if (match.by === 'wildcard' && !isWordPattern(match.pattern)) {
    const isName = scope === 'packages' && name !== undefined && fitsPattern(name, match.pattern)
    return isName || keys.some((key) => keyFitsPattern(key, match.pattern))
  }
  const texts = {
    packages: [name, comment, metaWordsText(meta), workflow],
    entries: [metaWordsText(meta)],
    objects: [content],
  }[scope]
  return [...texts, ...keys].some((text) => typeof text === 'string' && textHolds(text, match))
}

/** The keys that `key` and `ext` ask for. */
export function keysOf({ key, files = [] }: SearchDocument, scope: SearchScope): readonly string[] {
  if (scope === 'packages') return files
  return key === undefined ? [] : [key]
}

function fieldMatches(
  { field, path, match }: FieldQuery,
  document: SearchDocument,
  { scope, nowMs }: MatchOptions,
): boolean {
  switch (field) {
    case 'meta':
      return metaMatches(document.meta, { path, match }, nowMs)
    case 'comment':
    case 'content':
      return wordsMatch(document[field] ?? '', match)
    case 'size':
    case 'entries':
      return pointMatches(document[field], 'number', { match, nowMs })
    case 'modified':
      return pointMatches(document.modifiedMs, 'datetime', { match, nowMs })
    case 'deleted':
      return document.deleted !== undefined && (match.by === 'exists' || isValue(document.deleted, match))
    case 'key':
      return keysOf(document, scope).some((key) => wholeMatches(key, match, nowMs))
    case 'ext':
      return keysOf(document, scope).some((key) => isOfExtension(key, match, nowMs))
    default:
      return wholeMatches(document[field] ?? '', match, nowMs)
  }
}

function wordsMatch(text: string, match: FieldMatch): boolean {
  if (match.by === 'exists') return text !== ''
  return isTextMatch(match) && textHolds(text, match)
}

function wholeMatches(value: string, match: FieldMatch, nowMs: number): boolean {
  if (value === '') return false
  if (match.by === 'exists') return true
  if (match.by === 'range') return inRange({ type: 'keyword', text: value }, match, nowMs)
  return isTextMatch(match) && keywordMatches(value, match)
}

/** Whether a file has the extension that a term asks for. */
export function isOfExtension(key: string, match: FieldMatch, nowMs: number): boolean {
  return isTextMatch(match) ? extensionMatches(key, match) : wholeMatches(fileExtension(key) ?? '', match, nowMs)
}

function pointMatches(
  number: number | undefined,
  type: Exclude<Point['type'], 'keyword'>,
  { match, nowMs }: { match: FieldMatch; nowMs: number },
): boolean {
  if (number === undefined) return false
  return match.by === 'exists' || (match.by === 'range' && inRange({ type, number }, match, nowMs))
}

const isValue = (value: boolean, match: FieldMatch): boolean => match.by === 'boolean' && match.value === value

/** Whether a term is a word, a phrase or a pattern. */
export function isTextMatch(match: FieldMatch): match is TextMatch {
  return match.by === 'word' || match.by === 'phrase' || match.by === 'wildcard'
}
