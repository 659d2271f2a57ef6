// What to try when nothing was found: searches near to the one that was made, each of which was tried and finds something.
import {
  allOf,
  checkScope,
  formatQuery,
  nearNames,
  type PatternPart,
  type Query,
  QuiltError,
  type SearchRequest,
  type SearchScope,
} from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import type { AskedSearch } from './asked-search.js'
import { searchOf } from './search-of.js'

/** Arguments of another search, and why it may be the one that is meant. */
export type Suggestion = {
  readonly why: string
  /** In place of `query` and `filters`. */
  readonly query?: string
  readonly scope?: SearchScope
  readonly natural?: boolean
  readonly finds: number | 'some'
}

type Candidate = Omit<Suggestion, 'finds'> & { readonly request: SearchRequest }

/** Searches that are tried: each costs as much as the one that found nothing. */
const mostTried = 5
/** Milliseconds after which what has not answered is not offered. */
const patienceMs = 5_000
/** Packages whose names are looked through for the one that is meant. */
const namesLookedThrough = 500

/** At most five suggestions, those first that are nearest to what was asked. */
export async function suggestionsFor(ctx: ToolContext, asked: AskedSearch): Promise<Suggestion[]> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(patienceMs)])
  const search = searchOf(ctx.backend)
  const near = await unlessFailed(alikeNames(ctx, asked, signal), ctx.signal)
  const candidates = [...(near ?? []), ...candidatesOf(asked)].slice(0, mostTried)
  const tried = await Promise.all(
    candidates.map(async ({ request, ...suggestion }): Promise<Suggestion | undefined> => {
      const answer = await unlessFailed(search.search({ ...request, limit: 1 }, { signal }), ctx.signal)
      if (answer === undefined || answer.hits.length === 0) return undefined
      return { ...suggestion, finds: answer.total ?? 'some' }
    }),
  )
  return tried.filter((one) => one !== undefined)
}

/** A suggestion that cannot be tried is none: the search itself has been answered. */
async function unlessFailed<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    signal.throwIfAborted()
    const isRefusal = error instanceof QuiltError || (error instanceof Error && /Abort|Timeout/.test(error.name))
    if (!isRefusal) throw error
    return undefined
  }
}

/** Searches to try. Nobody is asked. */
function candidatesOf({ request, text, asWritten, filters }: AskedSearch): readonly Candidate[] {
  const hasWords = wordsIn(text).length > 0
  const field = request.scope === 'packages' ? 'name' : 'key'
  const inField = (word: string): Query => ({
    kind: 'field',
    field,
    match: { by: 'wildcard', pattern: [many, word, many] },
    span: nowhere,
  })
  const completed = (word: string): Query => ({
    kind: 'text',
    match: { by: 'wildcard', pattern: [word, many] },
    span: nowhere,
  })
  const anyTerm = allOf([text.kind === 'and' ? { ...text, kind: 'or' } : text, ...filters])
  return [
    ...(hasWords ? [withQuery(request, withWords(request.query, inField), `as a part of the ${field}`)] : []),
    ...(hasWords ? [withQuery(request, withWords(request.query, completed), 'as the beginning of words')] : []),
    ...(asWritten === undefined
      ? []
      : [{ why: 'as words, not as filters', natural: false, ...only(request, asWritten) }]),
    ...(text.kind === 'and' ? [withQuery(request, anyTerm, 'any of the terms')] : []),
    ...otherScopes[request.scope]
      .filter((scope) => hasFieldsOf(request.query, scope))
      .map((scope) => ({ why: `among ${scope}`, scope, request: { ...only(request, request.query).request, scope } })),
  ]
}

const many: PatternPart = { any: 'many' }
const nowhere = { from: 0, end: 0 }
const otherScopes: Readonly<Record<SearchScope, readonly SearchScope[]>> = {
  packages: ['entries', 'objects'],
  entries: ['packages', 'objects'],
  objects: ['entries', 'packages'],
}

const withQuery = (request: SearchRequest, query: Query, why: string): Candidate => ({
  why,
  query: formatQuery(query),
  ...only(request, query),
})

/** The request with another query, and without what only shows or orders hits. */
const only = ({ scope, buckets, allRevisions }: SearchRequest, query: Query) => ({
  request: { scope, buckets, allRevisions, query },
})

/** Packages whose names have a part that is nearly one of the words. */
async function alikeNames(ctx: ToolContext, { request, text }: AskedSearch, signal: AbortSignal): Promise<Candidate[]> {
  const words = wordsIn(text)
  if (request.scope !== 'packages' || words.length === 0) return []
  const { hits } = await searchOf(ctx.backend).search(
    { ...only(request, allOf([])).request, limit: namesLookedThrough },
    { signal },
  )
  const parts = [...new Set(hits.flatMap((hit) => (hit.kind === 'package' ? partsOf(hit.name) : [])))]
  const meant = new Map(words.flatMap((word) => nearPart(word, parts)))
  if (meant.size === 0) return []
  const query = withWords(request.query, (word) => ({
    kind: 'field',
    field: 'name',
    match: { by: 'wildcard', pattern: [many, meant.get(word) ?? word, many] },
    span: nowhere,
  }))
  return [withQuery(request, query, 'names that are near')]
}

const partsOf = (name: string): readonly string[] => [...name.split('/'), ...name.split(/[/_.-]/)]

const nearPart = (word: string, parts: readonly string[]): [string, string][] =>
  nearNames(word, parts, 1).map((part): [string, string] => [word, part])

/** The words that have to be there, as they were typed. */
function wordsIn(query: Query): readonly string[] {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.flatMap(wordsIn)
  return query.kind === 'text' && query.match.by === 'word' ? [query.match.text] : []
}

/** The query with something else in place of those words. */
function withWords(query: Query, change: (word: string) => Query): Query {
  if (query.kind === 'and' || query.kind === 'or') {
    return { ...query, operands: query.operands.map((operand) => withWords(operand, change)) }
  }
  return query.kind === 'text' && query.match.by === 'word' ? change(query.match.text) : query
}

function hasFieldsOf(query: Query, scope: SearchScope): boolean {
  try {
    checkScope(query, scope)
    return true
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'invalid_input') return false
    throw error
  }
}
