// A condition on one place of user metadata as the registry's filter, whose type must be known.
import { type MetaType, metaReadings, type Query } from '@quilt-mcp/core'
import type { UserMetaPredicate } from '../../registry-api/search-input.js'
import { inclusiveRange, isoRange } from './inclusive-range.js'
import { keywordPredicate, valuesOf } from './keyword-predicate.js'
import { quoted, wordsTerm } from './query-terms.js'

/** Which types values have at a JSON pointer. */
export type MetaTypes = ReadonlyMap<string, ReadonlySet<MetaType>>

/** The place that all of a condition is about, if its values may be of several types there. */
export function ambiguousPath(conjunct: Query): string | undefined {
  const path = pathOf(conjunct)
  if (path === undefined) return undefined
  const ranged = conjunct.kind === 'field' && conjunct.match.by === 'range'
  return ranged ? undefined : path
}

/** The place of `meta./a/b:x` and of `meta./a/b:(x OR y)`. */
function pathOf(conjunct: Query): string | undefined {
  const terms = conjunct.kind === 'or' ? conjunct.operands : [conjunct]
  const paths = terms.map((term) => (term.kind === 'field' && term.field === 'meta' ? term.path : undefined))
  const [path] = paths
  return path === undefined || path === '' || paths.some((one) => one !== path) ? undefined : path
}

interface MetaFilter {
  readonly predicate: UserMetaPredicate
  /** Whether it says all of the condition. */
  readonly exact: boolean
}

/** The filter for a condition. Undefined when no one filter says it: values of several types may fit. */
export function metaFilter(conjunct: Query, types: MetaTypes, nowMs: number): MetaFilter | undefined {
  const path = pathOf(conjunct)
  if (path === undefined) return undefined
  const known = types.get(path)
  const readings = readingsOf(conjunct, nowMs)
  const possible = known === undefined ? readings : readings.filter(({ type }) => known.has(type))
  // Where nothing fits, the plain reading finds nothing.
  const [only, ...others] = possible.length === 0 ? readings.slice(0, 1) : possible
  if (only === undefined || others.length > 0 || Object.keys(only.filter).length === 0) return undefined
  const { filter, exact } = only
  const nothing = { datetime: null, number: null, text: null, keyword: null, boolean: null }
  return { predicate: { path, ...nothing, ...filter }, exact }
}

interface Reading {
  readonly type: MetaType
  readonly filter: Partial<Omit<UserMetaPredicate, 'path'>>
  readonly exact: boolean
}

function readingsOf(conjunct: Query, nowMs: number): readonly Reading[] {
  if (conjunct.kind === 'field' && conjunct.match.by === 'exists') return anyValue
  const range = rangeReading(conjunct, nowMs)
  if (range !== undefined) return [range]
  const keyword = keywordPredicate(conjunct)
  if (keyword === undefined) return []
  const texts = conjunct.kind === 'or' ? conjunct.operands : [conjunct]
  const words = texts.flatMap((term) =>
    term.kind === 'field' && (term.match.by === 'word' || term.match.by === 'phrase' || term.match.by === 'wildcard')
      ? [term.match.by === 'phrase' ? quoted(term.match.text) : wordsTerm(term.match)]
      : [],
  )
  return [
    { type: 'keyword', filter: { keyword }, exact: true },
    { type: 'text', filter: { text: { queryString: words.join(' OR ') } }, exact: true },
    ...typedReadings(valuesOf(conjunct) ?? [], nowMs),
  ]
}

/** A word that is also a number, a date or a truth value. Of several words each must be. */
function typedReadings(values: readonly string[], nowMs: number): readonly Reading[] {
  const [value, ...others] = values
  if (value === undefined || others.length > 0) {
    // No one range is two numbers: where such values are, hits are checked.
    return values.some((one) => metaReadings(one).length > 0)
      ? (['number', 'datetime', 'boolean'] as const).map((type) => ({ type, filter: {}, exact: false }))
      : []
  }
  return metaReadings(value).flatMap((match): readonly Reading[] => {
    if (match.by === 'boolean') {
      const boolean = { true: match.value, false: !match.value }
      return [{ type: 'boolean', filter: { boolean }, exact: true }]
    }
    const range = match.by === 'range' ? inclusiveRange(match, { whole: false, nowMs }) : undefined
    return range === undefined ? [] : [readingOf(range)]
  })
}

function rangeReading(conjunct: Query, nowMs: number): Reading | undefined {
  if (conjunct.kind !== 'field' || conjunct.match.by !== 'range') return undefined
  const range = inclusiveRange(conjunct.match, { whole: false, nowMs })
  return range === undefined ? undefined : readingOf(range)
}

function readingOf(range: NonNullable<ReturnType<typeof inclusiveRange>>): Reading {
  const { gte, lte, exact } = range
  if (range.scale === 'number') return { type: 'number', filter: { number: { gte, lte } }, exact }
  return { type: 'datetime', filter: { datetime: isoRange(range) }, exact }
}

const anyValue: readonly Reading[] = [
  { type: 'keyword', filter: { keyword: { terms: null, wildcard: '*' } }, exact: true },
  { type: 'text', filter: { text: { queryString: '*' } }, exact: true },
  { type: 'number', filter: { number: { gte: -Number.MAX_VALUE, lte: null } }, exact: true },
  {
    type: 'datetime',
    filter: { datetime: isoRange({ gte: Number.NEGATIVE_INFINITY, lte: null }) },
    exact: true,
  },
  { type: 'boolean', filter: { boolean: { true: true, false: true } }, exact: true },
]
