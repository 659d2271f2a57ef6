// Typed filters as conditions of a query. What names no value is no condition: clients send filters that nobody has filled in.
import {
  allOf,
  type FieldMatch,
  type FieldName,
  type MetaType,
  parseQuery,
  type Query,
  type RangeMatch,
  wordMatch,
} from '@quilt-mcp/core'
import { InputRefused } from '../packages/failures.js'
import type {
  BooleanPredicate,
  DatetimePredicate,
  KeywordPredicate,
  NumberPredicate,
  ObjectsAsked,
  PackagesAsked,
  TextPredicate,
  UserMetaPredicate,
} from './search-asked.js'

/** Where values are compared: a field, or a place of the user metadata. */
interface Place {
  readonly field: FieldName
  readonly path?: string
}

const span = { from: 0, end: 0 }
/** Characters of a pattern. */
const longestPattern = 1_000

/** The conditions of a filter of objects. @throws {InputRefused} for one that cannot be read */
export function objectConditions(filter: NonNullable<ObjectsAsked['filter']>): readonly Query[] {
  return [
    ...datetimeConditions({ field: 'modified' }, filter.modified),
    ...numberConditions({ field: 'size' }, filter.size),
    ...keywordConditions({ field: 'ext' }, filter.ext),
    ...keywordConditions({ field: 'key' }, filter.key),
    ...textConditions({ field: 'content' }, filter.content, 'filter.content'),
    ...booleanConditions({ field: 'deleted' }, filter.deleted),
  ]
}

/** The conditions of a filter of packages. @throws {InputRefused} for one that cannot be read */
export function packageConditions(filter: NonNullable<PackagesAsked['filter']>): readonly Query[] {
  return [
    ...datetimeConditions({ field: 'modified' }, filter.modified),
    ...numberConditions({ field: 'size' }, filter.size),
    ...keywordConditions({ field: 'name' }, filter.name),
    ...keywordConditions({ field: 'hash' }, filter.hash),
    ...numberConditions({ field: 'entries' }, filter.entries),
    ...textConditions({ field: 'comment' }, filter.comment, 'filter.comment'),
    ...keywordConditions({ field: 'workflow' }, filter.workflow),
  ]
}

/** The conditions of filters on user metadata: each on the values of one type at one place. @throws {InputRefused} */
export function userMetaConditions(filters: readonly UserMetaPredicate[]): readonly Query[] {
  return filters.flatMap((filter, index) => {
    const at = `userMetaFilters.${index}`
    const types = metaTypes.filter((type) => filter[type] != null)
    const [type, ...others] = types
    if (type === undefined || others.length > 0) {
      throw refused(at, `A filter has exactly one of ${metaTypes.join(', ')}; this one has ${types.length}.`)
    }
    if (!filter.path.startsWith('/')) throw refused(`${at}.path`, 'The path is a JSON pointer: it begins with a slash.')
    const place = { field: 'meta', path: filter.path } as const
    const conditions = {
      datetime: () => datetimeConditions(place, filter.datetime),
      number: () => numberConditions(place, filter.number),
      text: () => textConditions(place, filter.text, `${at}.text`),
      keyword: () => keywordConditions(place, filter.keyword),
      boolean: () => booleanConditions(place, filter.boolean),
    }[type]()
    // A word alone would find values of all types.
    return conditions.length === 0 || (type !== 'keyword' && type !== 'text')
      ? conditions
      : [...conditions, valueOfType(filter.path, type)]
  })
}

const metaTypes = ['datetime', 'number', 'text', 'keyword', 'boolean'] as const satisfies readonly MetaType[]

/** What finds metadata with a value of one type at a path. (The values at one path of one document are of one type.) */
export function valueOfType(path: string, type: MetaType): Query {
  const at = (match: FieldMatch): Query => ({ kind: 'field', field: 'meta', path, match, span })
  const either: Query = {
    kind: 'or',
    operands: [true, false].map((value) => at({ by: 'boolean', value })),
    span,
  }
  const from = (value: NonNullable<RangeMatch['lower']>['value']): Query =>
    at({ by: 'range', lower: { value, inclusive: true } })
  switch (type) {
    case 'number':
      return from({ type: 'number', number: -Number.MAX_VALUE })
    case 'datetime':
      return from({ type: 'date', ms: -8.64e15 })
    case 'keyword':
      return from({ type: 'text', text: '' })
    case 'boolean':
      return either
    case 'text': {
      const others = (['number', 'datetime', 'keyword', 'boolean'] as const).map((other) => valueOfType(path, other))
      return allOf([at({ by: 'exists' }), ...others.map((operand): Query => ({ kind: 'not', operand, span }))])
    }
  }
}

function datetimeConditions(place: Place, predicate: DatetimePredicate | null | undefined): readonly Query[] {
  return rangeConditions(place, predicate, (date: Date) => ({ type: 'date', ms: date.getTime() }))
}

function numberConditions(place: Place, predicate: NumberPredicate | null | undefined): readonly Query[] {
  return rangeConditions(place, predicate, (number: number) => ({ type: 'number', number }))
}

function rangeConditions<T>(
  place: Place,
  predicate: { readonly gte?: T | null | undefined; readonly lte?: T | null | undefined } | null | undefined,
  pointOf: (bound: T) => NonNullable<RangeMatch['lower']>['value'],
): readonly Query[] {
  const { gte, lte } = predicate ?? {}
  if (gte == null && lte == null) return []
  return [
    fieldQuery(place, {
      by: 'range',
      ...(gte != null && { lower: { value: pointOf(gte), inclusive: true } }),
      ...(lte != null && { upper: { value: pointOf(lte), inclusive: true } }),
    }),
  ]
}

function keywordConditions(place: Place, predicate: KeywordPredicate | null | undefined): readonly Query[] {
  // In any case they are the same.
  const terms = [...new Map((predicate?.terms ?? []).map((term) => [term.toLowerCase(), term])).values()]
  const wildcard = predicate?.wildcard ?? ''
  if (wildcard.length > longestPattern)
    throw refused(`filter.${place.field}`, `A pattern has at most ${longestPattern} characters.`)
  const oneOf = anyOf(terms.map((text) => fieldQuery(place, { by: 'phrase', text })))
  const fits =
    wildcard === '' ? [] : [fieldQuery(place, /^\*+$/.test(wildcard) ? { by: 'exists' } : wordMatch(wildcard))]
  return [...oneOf, ...fits]
}

function booleanConditions(place: Place, predicate: BooleanPredicate | null | undefined): readonly Query[] {
  const values = [true, false].filter((value) => predicate?.[value ? 'true' : 'false'] === true)
  return anyOf(values.map((value) => fieldQuery(place, { by: 'boolean', value })))
}

/** Words of one place, joined as in any query. */
function textConditions(place: Place, predicate: TextPredicate | null | undefined, at: string): readonly Query[] {
  const text = predicate?.queryString.trim() ?? ''
  return text === '' ? [] : [inPlace(parseQuery(text), place, at)]
}

function inPlace(query: Query, place: Place, at: string): Query {
  switch (query.kind) {
    case 'all':
      return fieldQuery(place, { by: 'exists' })
    case 'text':
      return fieldQuery(place, query.match)
    case 'not':
      return { ...query, operand: inPlace(query.operand, place, at) }
    case 'and':
    case 'or':
      return { ...query, operands: query.operands.map((operand) => inPlace(operand, place, at)) }
    case 'field':
      throw refused(`${at}.queryString`, 'A filter is about one field: it names no other.')
  }
}

const fieldQuery = (place: Place, match: FieldMatch): Query => ({ kind: 'field', ...place, match, span })

function anyOf(operands: readonly Query[]): readonly Query[] {
  return operands.length < 2 ? operands : [{ kind: 'or', operands, span }]
}

const refused = (path: string, message: string): InputRefused =>
  new InputRefused([{ path, name: 'InvalidFilter', message }])
