// How well a document fits a query: made of the two alone, so that every index orders alike (decision 0012).
import type { Query, TextMatch } from '../query/ast.js'
import type { SearchScope } from '../query/fields.js'
import type { SearchDocument } from './document.js'
import { fileName } from './file-extension.js'
import { keysOf } from './matches.js'
import { metaWordsText } from './meta-values.js'
import { indexOfWords } from './text-match.js'
import { searchWords } from './words.js'

/** The sum of what each word or phrase counts at the best place where it stands. Words under NOT, patterns and fields count nothing. */
export function scoreOf(query: Query, document: SearchDocument, { scope }: { readonly scope: SearchScope }): number {
  const places = placesOf(document, scope)
  return termsOf(query)
    .map((words) => places.find(({ holds }) => holds(words))?.counts ?? 0)
    .reduce((sum, counts) => sum + counts, 0)
}

/** The words and phrases that make something better, each cut into its words. */
export function termsOf(query: Query): readonly (readonly string[])[] {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.flatMap(termsOf)
  return query.kind === 'text' ? wordsOf(query.match) : []
}

function wordsOf(match: TextMatch): string[][] {
  const words = match.by === 'wildcard' ? [] : searchWords(match.text)
  return words.length === 0 ? [] : [words]
}

interface ScoredPlace {
  readonly counts: number
  readonly holds: (words: readonly string[]) => boolean
}

/** The best place first. */
function placesOf(document: SearchDocument, scope: SearchScope): readonly ScoredPlace[] {
  const { name = '', comment, meta, workflow, content } = document
  const keys = keysOf(document, scope)
  if (scope === 'packages') {
    return [
      { counts: 8, holds: (words) => [name, ...name.split('/')].some((part) => isWhole(part, words)) },
      { counts: 4, holds: holdsAny([name]) },
      { counts: 2, holds: holdsAny([comment ?? '', metaWordsText(meta), workflow ?? '']) },
      { counts: 1, holds: holdsAny(keys) },
    ]
  }
  return [
    { counts: 2, holds: holdsAny(keys.map(fileName)) },
    { counts: 1, holds: holdsAny([...keys, scope === 'entries' ? metaWordsText(meta) : (content ?? '')]) },
  ]
}

const holdsAny =
  (texts: readonly string[]) =>
  (words: readonly string[]): boolean =>
    texts.some((text) => indexOfWords(searchWords(text), words) !== undefined)

function isWhole(part: string, words: readonly string[]): boolean {
  const all = searchWords(part)
  return all.length === words.length && indexOfWords(all, words) === 0
}
