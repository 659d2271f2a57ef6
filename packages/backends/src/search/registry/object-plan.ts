// What is asked of the registry for a search of objects, and what is left to check here.
import { isWordPattern, type Query } from '@quilt-mcp/core'
import type { ObjectsAsked, ObjectsFilter } from '../../registry-api/search-input.js'
import { termsOf } from '../conjuncts.js'
import { objectTerm } from './index-terms.js'
import { notAskable, type SearchPlan } from './plan.js'
import { together } from './query-string.js'
import { allOfTerms, everything } from './query-terms.js'
import { type FilterKinds, typedFilters } from './typed-filters.js'

const kinds: FilterKinds = {
  modified: 'date',
  size: 'number',
  ext: 'extension',
  key: 'keyword',
  content: 'words',
  deleted: 'boolean',
}

/** Plans a search of objects. Delete markers are found by those who ask for them.
 * @throws {QuiltError} `unsupported` for words and something else in one OR that the registry cannot be asked for */
export function objectPlan(conjuncts: readonly Query[], nowMs: number): SearchPlan<ObjectsAsked> {
  const { filters, left } = typedFilters(conjuncts, kinds, nowMs)
  const { said, checks } = objectString(left, nowMs)
  const filter: ObjectsFilter = {
    modified: filters.dates.get('modified') ?? null,
    size: filters.numbers.get('size') ?? null,
    ext: filters.keywords.get('ext') ?? null,
    key: filters.keywords.get('key') ?? null,
    content: filters.words.get('content') ?? null,
    deleted: filters.booleans.get('deleted') ?? (asksForDeleted(left) ? null : { true: false, false: true }),
  }
  const hasFilter = Object.values(filter).some((predicate) => predicate !== null)
  return {
    asked: { searchString: said ?? null, filter: hasFilter ? filter : null },
    checks,
    counts: checks.length === 0,
    rough: false,
    notes: [],
  }
}

/** The same search where there are no filters: all of it is in the query string. */
export function objectText(
  conjuncts: readonly Query[],
  nowMs: number,
): { readonly query: string; readonly checks: readonly Query[] } {
  const { said, checks } = objectString(conjuncts, nowMs)
  const texts = [
    ...(said === undefined ? [] : [said]),
    ...(asksForDeleted(conjuncts) ? [] : ['NOT delete_marker:true']),
  ]
  return { query: texts.length === 0 ? everything : allOfTerms(texts, { nested: false }), checks }
}

function objectString(
  conjuncts: readonly Query[],
  nowMs: number,
): { readonly said: string | undefined; readonly checks: readonly Query[] } {
  const say = (some: readonly Query[]) => together(some, { term: objectTerm(nowMs), meeting: 'one', nested: false })
  const checks = conjuncts.filter((one) => !say([one])?.exact)
  // What is inside of an object is not told whole: words cannot be checked here.
  if (checks.some(looksInside)) throw notAskable()
  return { said: say(conjuncts)?.text, checks }
}

/** Patterns with other characters than letters and digits are of keys. */
const looksInside = (query: Query): boolean =>
  [...termsOf(query)].some(({ term }) => {
    if (term.kind === 'field') return term.field === 'content'
    return term.match.by !== 'wildcard' || isWordPattern(term.match.pattern)
  })

const asksForDeleted = (conjuncts: readonly Query[]): boolean =>
  conjuncts.some((one) => [...termsOf(one)].some(({ term }) => term.kind === 'field' && term.field === 'deleted'))
