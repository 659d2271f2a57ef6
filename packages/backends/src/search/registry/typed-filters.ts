// Conditions that the registry's typed filters can say, and those that are left.
import { type FieldName, isWordPattern, type Query } from '@quilt-mcp/core'
import type {
  BooleanPredicate,
  DatetimePredicate,
  KeywordPredicate,
  NumberPredicate,
  TextPredicate,
} from '../../registry-api/search-input.js'
import { soleField } from '../conjuncts.js'
import { type InclusiveRange, inBoth, inclusiveRange, isoRange } from './inclusive-range.js'
import type { TermWriter } from './index-terms.js'
import { extensionPredicate, keywordPredicate } from './keyword-predicate.js'
import { queryString } from './query-string.js'
import { wordsTerm } from './query-terms.js'

/** Conditions by the field that they are about; each field once. */
export interface TypedFilters {
  readonly keywords: ReadonlyMap<FieldName, KeywordPredicate>
  readonly numbers: ReadonlyMap<FieldName, NumberPredicate>
  readonly dates: ReadonlyMap<FieldName, DatetimePredicate>
  readonly words: ReadonlyMap<FieldName, TextPredicate>
  readonly booleans: ReadonlyMap<FieldName, BooleanPredicate>
}

/** Which kind of filter there is for a field. */
export type FilterKinds = {
  readonly [field in FieldName]?: 'keyword' | 'extension' | 'number' | 'date' | 'words' | 'boolean'
}

/** Sorts conditions into filters. Ranges of one field become one; of other conditions on a field the first goes, the rest is left. */
export function typedFilters(
  conjuncts: readonly Query[],
  kinds: FilterKinds,
  nowMs: number,
): { readonly filters: TypedFilters; readonly left: readonly Query[] } {
  const keywords = new Map<FieldName, KeywordPredicate>()
  const numbers = new Map<FieldName, InclusiveRange<number>>()
  const dates = new Map<FieldName, InclusiveRange<number>>()
  const words = new Map<FieldName, TextPredicate>()
  const booleans = new Map<FieldName, BooleanPredicate>()
  const left: Query[] = []

  const takes = (conjunct: Query): boolean => {
    const field = soleField(conjunct)
    const kind = field === undefined ? undefined : kinds[field]
    if (field === undefined || kind === undefined) return false
    switch (kind) {
      case 'keyword':
        return setOnce(keywords, field, keywordPredicate(conjunct))
      case 'extension':
        return setOnce(keywords, field, extensionPredicate(conjunct))
      case 'words':
        return setOnce(words, field, wordsPredicate(conjunct))
      case 'boolean':
        return setOnce(booleans, field, booleanPredicate(conjunct))
      case 'number':
        return narrow(numbers, field, rangeOf(conjunct, nowMs))
      case 'date':
        return narrow(dates, field, rangeOf(conjunct, nowMs))
    }
  }
  for (const conjunct of conjuncts) if (!takes(conjunct)) left.push(conjunct)
  return {
    filters: {
      keywords,
      numbers: new Map([...numbers].map(([field, { gte, lte }]) => [field, { gte, lte }])),
      dates: new Map([...dates].map(([field, range]) => [field, isoRange(range)])),
      words,
      booleans,
    },
    left,
  }
}

function setOnce<Predicate>(
  filters: Map<FieldName, Predicate>,
  field: FieldName,
  predicate: Predicate | undefined,
): boolean {
  if (predicate === undefined || filters.has(field)) return false
  filters.set(field, predicate)
  return true
}

function narrow(
  ranges: Map<FieldName, InclusiveRange<number>>,
  field: FieldName,
  range: InclusiveRange<number> | undefined,
): boolean {
  if (range === undefined) return false
  const before = ranges.get(field)
  ranges.set(field, before === undefined ? range : inBoth(before, range))
  return true
}

function rangeOf(conjunct: Query, nowMs: number): InclusiveRange<number> | undefined {
  if (conjunct.kind !== 'field' || conjunct.match.by !== 'range') return undefined
  return inclusiveRange(conjunct.match, { whole: true, nowMs })
}

/** Inside the filter of a field its terms need no name. */
const wordsOfField: TermWriter = ({ match }) =>
  match.by === 'word' || match.by === 'phrase' || match.by === 'wildcard'
    ? { text: wordsTerm(match), of: 'any', exact: match.by !== 'wildcard' || isWordPattern(match.pattern) }
    : undefined

function wordsPredicate(conjunct: Query): TextPredicate | undefined {
  if (conjunct.kind === 'field' && conjunct.match.by === 'exists') return { queryString: '*' }
  const said = queryString(conjunct, wordsOfField, 'one')
  return said?.exact ? { queryString: said.text } : undefined
}

function booleanPredicate(conjunct: Query): BooleanPredicate | undefined {
  if (conjunct.kind !== 'field' || conjunct.match.by !== 'boolean') return undefined
  const { value } = conjunct.match
  return { true: value, false: !value }
}
