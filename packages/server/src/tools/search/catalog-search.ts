// A search as parameters of the web catalog's own search page (formats.md 10.3).
import {
  allOf,
  type Bound,
  type FieldName,
  type FieldQuery,
  formatQuery,
  type PatternPart,
  type Query,
  type RangeMatch,
  type SearchOrder,
  type SearchRequest,
  type TextMatch,
} from '@quilt-mcp/core'
import type { CatalogSearch } from '../../mcp/catalog-links.js'

type Parameter = readonly [name: string, value: string]

/** Undefined for a search that the page cannot make: of files of packages, with alternatives of fields, with an order that it has not.
 * @param nowMs milliseconds since 1970: what is asked `ago` gets a date */
export function catalogSearch(request: SearchRequest, nowMs: number): CatalogSearch | undefined {
  const { scope, query, buckets, allRevisions, order } = request
  if (scope === 'entries') return undefined
  const terms = query.kind === 'and' ? query.operands : [query]
  const text = allOf(terms.filter(isText))
  const filters = terms
    .filter((term) => !isText(term))
    .map((term) =>
      term.kind === 'field' && pageFields[scope].includes(term.field) ? filterOf(term, nowMs) : undefined,
    )
  const sort = scope === 'packages' ? sortOf(order) : order === undefined ? [] : undefined
  const known = filters.filter((one) => one !== undefined)
  const names = new Set(known.map(([name]) => name))
  // The page takes each filter once.
  if (sort === undefined || known.length < filters.length || names.size < known.length) return undefined
  return {
    ...(buckets !== undefined && { buckets }),
    parameters: [
      ...(text.kind === 'all' ? [] : [['q', formatQuery(text)] as const]),
      ['t', scope === 'objects' ? 'o' : 'p'],
      ...known,
      ...sort,
      ...(allRevisions === true ? [['rev', 'all'] as const] : []),
    ],
  }
}

const pageFields: Readonly<Record<'packages' | 'objects', readonly FieldName[]>> = {
  packages: ['modified', 'size', 'name', 'hash', 'entries', 'comment', 'workflow', 'meta'],
  objects: ['modified', 'size', 'ext', 'key', 'content', 'deleted'],
}

function isText(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.every(isText)
  return query.kind === 'not' ? isText(query.operand) : query.kind !== 'field'
}

function sortOf(order: SearchOrder | undefined): readonly Parameter[] | undefined {
  if (order === undefined) return []
  return order.by === 'meta' || order.by === 'key' ? undefined : [['s', `sys:${order.by}:${order.direction}`]]
}

function filterOf({ field, path, match }: FieldQuery, nowMs: number): Parameter | undefined {
  if (field === 'meta') return path === undefined || path === '' ? undefined : metaFilter(path, match, nowMs)
  switch (match.by) {
    case 'exists':
      return undefined
    case 'boolean':
      return [field, String(match.value)]
    case 'range': {
      const range = rangeOf(match, nowMs, { isWhole: field !== 'modified' })
      return range === undefined ? undefined : [field, range]
    }
    default:
      return textFilter(field, match)
  }
}

function textFilter(field: FieldName, match: TextMatch): Parameter | undefined {
  if (field === 'comment' || field === 'content') return [field, formatQuery({ kind: 'text', match, span: nowhere })]
  const isList = field === 'ext' || field === 'workflow'
  if (match.by === 'wildcard') return isList ? undefined : [field, `$s$:${wildcards(match.pattern)}`]
  // Extensions are indexed in either of their spellings.
  if (field === 'ext') return [field, `${JSON.stringify(match.text)},${JSON.stringify(`.${match.text}`)}`]
  return [field, isList ? JSON.stringify(match.text) : `$s$:${escaped(match.text)}`]
}

const nowhere = { from: 0, end: 0 }
const escaped = (text: string): string => text.replace(/[*?\\]/g, '\\$&')
const wildcards = (pattern: readonly PatternPart[]): string =>
  pattern.map((part) => (typeof part === 'string' ? escaped(part) : part.any === 'one' ? '?' : '*')).join('')

/** What has to be typed for the page: of a word that may be a number or true, the type is not known. */
function metaFilter(path: string, match: FieldQuery['match'], nowMs: number): Parameter | undefined {
  switch (match.by) {
    case 'wildcard':
      return [`meta.w${path}`, `$s$:${wildcards(match.pattern)}`]
    case 'word':
    case 'phrase': {
      const mayBeOther = match.by === 'word' && /^(true|false|yes|no|[-+.\d].*)$/i.test(match.text)
      return mayBeOther ? undefined : [`meta.e${path}`, JSON.stringify(match.text)]
    }
    case 'range': {
      const isDate = [match.lower, match.upper].some(
        (bound) => bound?.value.type === 'date' || bound?.value.type === 'ago',
      )
      const range = rangeOf(match, nowMs, { isWhole: false })
      return range === undefined ? undefined : [`meta.${isDate ? 'd' : 'n'}${path}`, range]
    }
    default:
      return undefined
  }
}

/** Both bounds of the page include themselves. Undefined where that cannot be said. */
function rangeOf(match: RangeMatch, nowMs: number, { isWhole }: { readonly isWhole: boolean }): string | undefined {
  const gte = match.lower && edgeOf(match.lower, nowMs, { step: 1, isWhole })
  const lte = match.upper && edgeOf(match.upper, nowMs, { step: -1, isWhole })
  if ((match.lower && gte === undefined) || (match.upper && lte === undefined)) return undefined
  return JSON.stringify({ gte, lte })
}

interface Edge {
  /** To the next value that is inside. */
  readonly step: 1 | -1
  /** Whether values are whole numbers. */
  readonly isWhole: boolean
}

function edgeOf({ value, inclusive }: Bound, nowMs: number, { step, isWhole }: Edge): number | string | undefined {
  if (value.type === 'text') return undefined
  if (value.type === 'number') {
    if (inclusive) return value.number
    return isWhole ? (step === 1 ? Math.floor(value.number) + 1 : Math.ceil(value.number) - 1) : undefined
  }
  const ms = value.type === 'ago' ? nowMs - value.ms : value.ms
  const inside = new Date(inclusive ? ms : ms + step)
  return Number.isNaN(inside.getTime()) ? undefined : inside.toISOString()
}
