// Why a document was found: the places where the terms of a query stand in it.
import type { FieldQuery, Query, TextMatch } from '../query/ast.js'
import type { SearchDocument } from './document.js'
import type { Highlight } from './hit.js'
import { isOfExtension, isTextMatch, keysOf, type MatchOptions, matchesQuery } from './matches.js'
import { metaValueMatches } from './meta-match.js'
import { type MetaValue, metaValues, metaWordsText } from './meta-values.js'
import { fitsPattern, indexOfWords, isWordPattern, keyFitsPattern, keywordMatches, textHolds } from './text-match.js'
import { searchWords } from './words.js'

const mostHighlights = 5
const mostCharacters = 200

/** At most 5 places where terms stand that made the query find the document: nothing under NOT, of OR only what is there. Sizes, times and
 * counts have none. @param document one that the query finds */
export function highlightsOf(query: Query, document: SearchDocument, options: MatchOptions): readonly Highlight[] {
  const places = new Map<string, Place>()
  for (const term of termsThatFound(query, document, options)) {
    for (const place of placesOf(term, document, options)) {
      const id = JSON.stringify([place.field, place.text])
      const known = places.get(id)
      if (known === undefined && places.size === mostHighlights) continue
      places.set(id, { ...place, spans: [...(known?.spans ?? []), ...place.spans] })
    }
  }
  return [...places.values()].map(highlightOf)
}

type Term = Extract<Query, { kind: 'text' | 'field' }>

function termsThatFound(query: Query, document: SearchDocument, options: MatchOptions): readonly Term[] {
  if (query.kind === 'and' || query.kind === 'or') {
    return query.operands.flatMap((operand) => termsThatFound(operand, document, options))
  }
  if (query.kind !== 'text' && query.kind !== 'field') return []
  return matchesQuery(query, document, options) ? [query] : []
}

interface TextSpan {
  readonly from: number
  readonly end: number
}

/** A whole field, and where in it terms stand. */
interface Place {
  readonly field: Highlight['field']
  readonly text: string
  readonly spans: readonly TextSpan[]
}

function placesOf(term: Term, document: SearchDocument, options: MatchOptions): readonly Place[] {
  return term.kind === 'text' ? textPlaces(term.match, document, options) : fieldPlaces(term, document, options)
}

function textPlaces(match: TextMatch, document: SearchDocument, { scope }: MatchOptions): readonly Place[] {
  const { name, comment, meta, workflow, content } = document
  const keyField = scope === 'packages' ? 'files' : 'key'
  const keys = keysOf(document, scope)
  if (match.by === 'wildcard' && !isWordPattern(match.pattern)) {
    const names = scope === 'packages' && name !== undefined && fitsPattern(name, match.pattern) ? [name] : []
    return [
      ...names.map((text) => wholePlace('name', text)),
      ...keys.filter((key) => keyFitsPattern(key, match.pattern)).map((key) => wholePlace(keyField, key)),
    ]
  }
  const texts: readonly (readonly [Highlight['field'], string | null | undefined])[] = [
    ...(scope === 'packages'
      ? ([
          ['name', name],
          ['comment', comment],
          ['workflow', workflow],
        ] as const)
      : []),
    ...(scope === 'objects' ? [] : ([['meta', metaWordsText(meta)]] as const)),
    ...keys.map((key) => [keyField, key] as const),
    ...(scope === 'objects' ? ([['content', content]] as const) : []),
  ]
  return texts.flatMap(([field, text]) => wordPlaces(field, text ?? '', match))
}

function fieldPlaces(
  { field, path = '', match }: FieldQuery,
  document: SearchDocument,
  options: MatchOptions,
): readonly Place[] {
  const keyField = options.scope === 'packages' ? 'files' : 'key'
  switch (field) {
    case 'size':
    case 'modified':
    case 'entries':
    case 'deleted':
      return []
    case 'meta':
      if (path === '' && isTextMatch(match)) return wordPlaces('meta', metaWordsText(document.meta), match)
      return metaValues(document.meta)
        .filter((value) => (path === '' || value.path === path) && metaValueMatches(value, match, options.nowMs))
        .map(metaPlace)
    case 'comment':
    case 'content': {
      const text = document[field] ?? ''
      return isTextMatch(match) ? wordPlaces(field, text, match) : [{ field, text, spans: [] }]
    }
    case 'key':
      return keysOf(document, options.scope)
        .filter((key) => !isTextMatch(match) || keywordMatches(key, match))
        .map((key) => wholePlace(keyField, key))
    case 'ext':
      return keysOf(document, options.scope)
        .filter((key) => isOfExtension(key, match, options.nowMs))
        .map((key) => ({ field: keyField, text: key, spans: [{ from: key.lastIndexOf('.') + 1, end: key.length }] }))
    default:
      return [wholePlace(field, document[field] ?? '')]
  }
}

const wholePlace = (field: Place['field'], text: string): Place => ({
  field,
  text,
  spans: [{ from: 0, end: text.length }],
})

function metaPlace(value: MetaValue): Place {
  const start = `${value.path}: `
  const text = `${start}${textOf(value)}`
  return { field: 'meta', text, spans: [{ from: start.length, end: text.length }] }
}

function textOf({ type, number = 0, text = '' }: MetaValue): string {
  if (type === 'datetime') return new Date(number).toISOString()
  if (type === 'boolean') return String(number === 1)
  return type === 'number' ? String(number) : text
}

/** Where the words of a term stand in a text, if they do. */
function wordPlaces(field: Place['field'], text: string, match: TextMatch): readonly Place[] {
  if (!textHolds(text, match)) return []
  const words = placedWords(text)
  if (match.by === 'wildcard') {
    return [{ field, text, spans: words.filter(({ word }) => fitsPattern(word, match.pattern)) }]
  }
  const wanted = searchWords(match.text)
  const at = indexOfWords(
    words.map(({ word }) => word),
    wanted,
  )
  const first = words[at ?? -1]
  const last = words[(at ?? -1) + wanted.length - 1]
  return [
    { field, text, spans: first === undefined || last === undefined ? [] : [{ from: first.from, end: last.end }] },
  ]
}

/** The words of a text with where they stand, as far as folding leaves them in one place. */
function placedWords(text: string): readonly (TextSpan & { readonly word: string })[] {
  const lower = text.toLowerCase()
  return [...text.matchAll(/[\p{L}\p{M}\p{N}\p{S}]+/gu)].flatMap(({ 0: run, index }) => {
    const words = searchWords(run)
    if (words.length === 1) return words.map((word) => ({ word, from: index, end: index + run.length }))
    let at = index
    return words.map((word) => {
      // Characters that are words of their own stand one behind the other.
      const found = lower.indexOf(word, at)
      const from = found === -1 || found > index + run.length ? at : found
      at = from + word.length
      return { word, from, end: at }
    })
  })
}

function highlightOf({ field, text, spans }: Place): Highlight {
  const first = Math.min(...spans.map(({ from }) => from), text.length)
  const start = betweenCharacters(text, Math.max(0, Math.min(first - 40, text.length - mostCharacters)))
  const end = betweenCharacters(text, Math.min(text.length, start + mostCharacters))
  const words = spans
    .filter((span) => span.from >= start && span.from < end)
    .map((span) => text.slice(span.from, Math.min(span.end, end)))
  return { field, text: text.slice(start, end), words: [...new Set(words)] }
}

/** The place itself, or the one before it when it is inside of a character of two units. */
const betweenCharacters = (text: string, at: number): number =>
  at > 0 && /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1)) ? at - 1 : at
