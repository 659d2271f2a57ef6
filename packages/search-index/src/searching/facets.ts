// Which values there are among what was found.
import { type Facet, type FacetRequest, type FacetValue, QuiltError, type SearchScope } from '@quilt-mcp/core'
import { type FacetPart, type MetaPathType, mostFacetValues, rangePart } from './facet-part.js'
import type { Found } from './found.js'
import type { Meaning } from './meaning.js'
import { metaFacetPart } from './meta-facets.js'
import { rowOfAll, rowsOf, textIn } from './rows.js'
import { type Sql, sql } from './sql.js'

const columns: { readonly [scope in SearchScope]: { readonly [field in FacetRequest['field']]?: Sql } } = {
  packages: { workflow: sql`r.workflow`, size: sql`r.size`, modified: sql`r.modified`, entries: sql`r.entries` },
  entries: { ext: sql`e.ext`, size: sql`e.size`, modified: sql`r.modified`, workflow: sql`r.workflow` },
  objects: { ext: sql`o.ext`, size: sql`o.size`, modified: sql`o.modified` },
}

/** @throws {QuiltError} `invalid_input` for a facet that the scope does not have */
export function checkFacet({ field }: FacetRequest, scope: SearchScope): void {
  const known = [...Object.keys(columns[scope]), ...(scope === 'objects' ? [] : ['meta'])]
  if (known.includes(field)) return
  throw new QuiltError('invalid_input', `${scope} have no facet ${field}`, {
    hint: `Ask for ${known.join(', ')}.`,
    details: { facets: known },
  })
}

/** What an index says of a facet. */
export function facetPart(request: FacetRequest, found: Found, meaning: Meaning): FacetPart {
  if (request.field === 'meta') return metaFacetPart(request.path, found, meaning)
  const { db, scope } = meaning
  const column = columns[scope][request.field] ?? sql`null`
  const rows = column.text.startsWith('r.') ? found.whole : found.own
  if (request.field === 'ext' || request.field === 'workflow') {
    return { kind: 'values', values: countedValues(db, column, rows) }
  }
  return rangePart(rowOfAll(db, sql`select min(${column}), max(${column}) ${rows}`), request.field === 'modified')
}

/** How often each value stands in a column. SQLite would sort the rows for that; a list of them all takes a quarter of the time. */
function countedValues(db: Meaning['db'], column: Sql, rows: Sql): ReadonlyMap<string, number> {
  if (rows.values.length === 0) {
    // All rows there are: an index has them in the order of their values.
    const counted = rowsOf(db, sql`select ${column}, count(*) ${rows} group by 1`)
    return new Map(counted.flatMap(([value, count]) => (typeof value === 'string' ? [[value, Number(count)]] : [])))
  }
  const [list] = rowOfAll(db, sql`select json_group_array(${column}) ${rows}`)
  const values: unknown = JSON.parse(textIn(list) ?? '[]')
  const counts = new Map<string, number>()
  for (const value of Array.isArray(values) ? values : []) {
    if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return counts
}

/** A facet of what the indexes say. */
export function facetOf(of: FacetRequest, parts: readonly FacetPart[]): Facet {
  const first = parts.find((part) => !isEmpty(part)) ?? parts[0]
  if (first?.kind === 'paths') return pathsFacet(of, parts)
  return first?.kind === 'range' ? rangeFacet(of, parts) : valuesFacet(of, parts)
}

function isEmpty(part: FacetPart): boolean {
  if (part.kind === 'range') return part.min === undefined
  return part.kind === 'values' ? part.values.size === 0 : part.paths.length === 0
}

function valuesFacet(of: FacetRequest, parts: readonly FacetPart[]): Facet {
  const counts = new Map<FacetValue['value'], number>()
  for (const part of parts) {
    if (part.kind !== 'values') continue
    for (const [value, count] of part.values) counts.set(value, (counts.get(value) ?? 0) + count)
  }
  const values = [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (String(a.value) < String(b.value) ? -1 : 1))
  return { of, kind: 'values', values: values.slice(0, mostFacetValues), more: values.length > mostFacetValues }
}

function rangeFacet(of: FacetRequest, parts: readonly FacetPart[]): Facet {
  const ranges = parts.flatMap((part) => (part.kind === 'range' ? [part] : []))
  const told = (value: number) => (ranges[0]?.isDate ? new Date(value).toISOString() : value)
  const least = ranges.flatMap(({ min }) => (min === undefined ? [] : [min]))
  const greatest = ranges.flatMap(({ max }) => (max === undefined ? [] : [max]))
  if (least.length === 0) return { of, kind: 'range' }
  return { of, kind: 'range', min: told(Math.min(...least)), max: told(Math.max(...greatest)) }
}

function pathsFacet(of: FacetRequest, parts: readonly FacetPart[]): Facet {
  const paths = new Map<string, { readonly path: string; readonly type: MetaPathType }>()
  for (const part of parts) {
    if (part.kind === 'paths') for (const one of part.paths) paths.set(`${one.path} ${one.type}`, one)
  }
  const sorted = [...paths.keys()].toSorted().flatMap((key) => paths.get(key) ?? [])
  return { of, kind: 'paths', paths: sorted.slice(0, mostFacetValues), more: sorted.length > mostFacetValues }
}
