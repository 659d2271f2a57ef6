// What one index says of a facet.
import type { Facet, FacetValue } from '@quilt-mcp/core'
import { numberIn, type SqlRow } from './rows.js'

/** At most so many values, or paths, are told. */
export const mostFacetValues = 100

/** What one index says of a facet; those of several indexes are added up. */
export type FacetPart =
  | { readonly kind: 'values'; readonly values: ReadonlyMap<FacetValue['value'], number> }
  | { readonly kind: 'range'; readonly isDate: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'paths'; readonly paths: readonly { readonly path: string; readonly type: MetaPathType }[] }

export type MetaPathType = Extract<Facet, { kind: 'paths' }>['paths'][number]['type']

/** @param row the least and the greatest value */
export function rangePart([least, greatest]: SqlRow, isDate: boolean): FacetPart {
  const min = numberIn(least)
  const max = numberIn(greatest)
  return { kind: 'range', isDate, ...(min === undefined || max === undefined ? {} : { min, max }) }
}
