// Facets of a search as extents: from the least to the greatest, or which values there are.
import type { Facet } from '@quilt-mcp/core'
import { GraphQLError } from 'graphql'

/** @throws {GraphQLError} when nothing of what was found has a value */
export function numberExtents(facet: Facet | undefined): { readonly min: number; readonly max: number } {
  const { min, max } = bounds(facet)
  return { min: Number(min), max: Number(max) }
}

/** @throws {GraphQLError} when nothing of what was found has a date */
export function datetimeExtents(facet: Facet | undefined): { readonly min: Date; readonly max: Date } {
  const { min, max } = bounds(facet)
  return { min: new Date(min), max: new Date(max) }
}

export function keywordExtents(facet: Facet | undefined): { readonly values: readonly string[] } {
  return { values: facet?.kind === 'values' ? facet.values.map(({ value }) => String(value)) : [] }
}

function bounds(facet: Facet | undefined): { readonly min: number | string; readonly max: number | string } {
  if (facet?.kind === 'range' && facet.min !== undefined && facet.max !== undefined)
    return { min: facet.min, max: facet.max }
  throw new GraphQLError('Nothing of what was found has such a value.')
}
