// A facet of several indexes, of what each of them says.
import type { Facet, FacetRequest, FacetValue } from '@quilt-mcp/core'
import { type FacetPart, type MetaPathType, mostFacetValues } from './facet-part.js'

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
