// A search that keeps nothing: it reads all that the backend's caller may see at each request, and decides by the meaning of queries alone.
import type { Backend, Search } from '@quilt-mcp/backends'
import {
  checkScope,
  type Facet,
  type FacetRequest,
  fileExtension,
  highlightsOf,
  matchesQuery,
  metaValues,
  QuiltError,
  type SearchAnswer,
  type SearchOrder,
  type SearchRequest,
  scoreOf,
} from '@quilt-mcp/core'
import { type Searched, searchedDocuments } from './searched-documents.js'

/** The backend, able to search even where its own way to do so is not there. */
export const searchable = (backend: Backend): Backend => ({ ...backend, search: memorySearch(backend) })

function memorySearch(backend: Backend): Search {
  return { search: (request) => searchAll(backend, request) }
}

async function searchAll(backend: Backend, request: SearchRequest): Promise<SearchAnswer> {
  const { scope, query, limit = 100, cursor = '0', facets = [] } = request
  checkScope(query, scope)
  const visible = (await backend.buckets.list({ limit: 1_000 })).items.map(({ name }) => name)
  const asked = request.buckets ?? visible
  const buckets = asked.filter((bucket) => visible.includes(bucket))
  if (asked.length > 0 && buckets.length === 0) {
    throw new QuiltError('not_found', `there is no bucket ${asked.join(', ')}`, { hint: 'bucket_list names them.' })
  }
  const options = { scope, nowMs: Date.now() }
  const all = (await Promise.all(buckets.map((bucket) => searchedDocuments(backend, bucket, scope)))).flat()
  const found = all.filter(({ document }) => matchesQuery(query, document, options)).sort(inOrder(request))
  const start = Number(cursor)
  const shown = found.slice(start, start + limit)
  return {
    hits: shown.map(({ hit, document }) => ({ ...hit, matched: highlightsOf(query, document, options) })),
    total: found.length,
    ...(limit > 0 && start + limit < found.length && { cursor: String(start + limit) }),
    facets: facets.map((of) => facetOver(of, found)),
    leftOut: asked.filter((bucket) => !visible.includes(bucket)).map((bucket) => ({ bucket, why: 'it is not there' })),
    notes: [],
    sent: [{ to: 'memory', asked: { scope, buckets } }],
  }
}

type Comparison = (a: Searched, b: Searched) => number

function inOrder({ query, scope, order }: SearchRequest): Comparison {
  const score = ({ document }: Searched): number => scoreOf(query, document, { scope })
  const newest: Comparison = (a, b) => b.modifiedMs - a.modifiedMs
  const byName: Comparison = (a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)
  if (order === undefined) {
    return (a, b) => score(b) - score(a) || (scope === 'packages' ? newest(a, b) : 0) || byName(a, b)
  }
  const sign = order.direction === 'asc' ? 1 : -1
  return (a, b) => sign * compared(orderedBy(a, order), orderedBy(b, order)) || byName(a, b)
}

const placeOf = ({ document: { name = '', key = '' } }: Searched): string => `${name}/${key}`

function orderedBy({ document, modifiedMs }: Searched, order: SearchOrder): string | number {
  if (order.by === 'modified') return modifiedMs
  if (order.by !== 'meta') return document[order.by] ?? ''
  const { number, text = '' } = metaValues(document.meta).find(({ path }) => path === order.path) ?? {}
  return number ?? text
}

const compared = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

function facetOver(of: FacetRequest, found: readonly Searched[]): Facet {
  if (of.field === 'size' || of.field === 'modified' || of.field === 'entries') {
    const numbers = found.map(({ document, modifiedMs }) =>
      of.field === 'modified' ? modifiedMs : of.field === 'size' ? document.size : document.entries,
    )
    const known = numbers.filter((one) => one !== undefined)
    const bound = (one: number) => (of.field === 'modified' ? new Date(one).toISOString() : one)
    if (known.length === 0) return { of, kind: 'range' }
    return { of, kind: 'range', min: bound(Math.min(...known)), max: bound(Math.max(...known)) }
  }
  const all = found.flatMap(({ document }) => metaValues(document.meta))
  if (of.field === 'meta' && of.path === undefined) {
    const paths = new Map(all.map(({ path, type }) => [`${path} ${type}`, { path, type }]))
    return { of, kind: 'paths', paths: [...paths.values()].sort((a, b) => compared(a.path, b.path)), more: false }
  }
  const values = found.flatMap(({ document }) => valuesFor(of, document))
  const counts = new Map<string | number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...counts].sort(([a, most], [b, count]) => count - most || compared(String(a), String(b)))
  return { of, kind: 'values', values: sorted.map(([value, count]) => ({ value, count })), more: false }
}

function valuesFor(of: FacetRequest, { key, files = [], meta, workflow }: Searched['document']): (string | number)[] {
  if (of.field === 'workflow') return workflow === undefined ? [] : [workflow]
  if (of.field === 'ext') {
    const keys = key === undefined ? files : [key]
    return [...new Set(keys.map(fileExtension))].filter((one) => one !== undefined)
  }
  const path = of.field === 'meta' ? of.path : undefined
  return metaValues(meta)
    .filter((value) => value.path === path)
    .map(({ number, text = '' }) => number ?? text)
}
