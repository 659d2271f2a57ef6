// The argument `facets`, and how a facet is shown.
import {
  type Facet,
  type FacetRequest,
  type FieldName,
  fieldFilter,
  QuiltError,
  type SearchScope,
} from '@quilt-mcp/core'
import { untrusted } from '../../mcp/untrusted.js'

const facetFields = ['ext', 'workflow', 'size', 'modified', 'entries'] as const

/** Where a field is looked for when nobody says where: files are objects, all else is of packages. */
export const scopeOf = (field: FieldName): SearchScope =>
  field === 'ext' || field === 'key' || field === 'content' || field === 'deleted' ? 'objects' : 'packages'

/** Values, or paths, that are shown of one facet. */
const mostValues = 50

/** Each may cost as much as a search. */
const mostFacets = 20

/** Reads the argument. @throws {QuiltError} `invalid_input` for what has no facet, and for more than 20 */
export function facetsOf(given: readonly string[] = []): readonly FacetRequest[] {
  if (given.length <= mostFacets) return given.map(facetOf)
  throw new QuiltError('invalid_input', `${given.length} facets are too many for one search`, {
    hint: `Ask for at most ${mostFacets}; meta alone tells which paths there are.`,
    details: { argument: 'facets' },
  })
}

/** Reads `ext`, `meta`, `meta./path`. @throws {QuiltError} `invalid_input` for what has no facet */
export function facetOf(text: string): FacetRequest {
  const term = fieldFilter(text.trim(), '*')
  if (term.kind === 'field') {
    const field = facetFields.find((one) => one === term.field)
    if (field !== undefined) return { field }
    if (term.field === 'meta') {
      return { field: 'meta', ...(term.path !== undefined && term.path !== '' && { path: term.path }) }
    }
  }
  throw new QuiltError('invalid_input', `${text.slice(0, 100)} has no facet`, {
    hint: `Facets: ${facetFields.join(', ')}, meta (which paths there are) and meta./path (values below one).`,
    details: { argument: 'facets' },
  })
}

/** The name by which a facet is asked for: `ext`, `meta./path`. */
export const facetName = (of: FacetRequest): string =>
  of.field === 'meta' && of.path !== undefined ? `meta.${of.path}` : of.field

/** A facet in a result: what users wrote is marked as theirs. */
export function shownFacet(facet: Facet) {
  const field = facetName(facet.of)
  switch (facet.kind) {
    case 'values':
      return {
        field,
        values: untrusted(facet.values.slice(0, mostValues)),
        ...((facet.more || facet.values.length > mostValues) && { more: true }),
      }
    case 'paths':
      return {
        field,
        paths: untrusted(facet.paths.slice(0, mostValues).map(({ path, type }) => ({ path: `meta.${path}`, type }))),
        ...((facet.more || facet.paths.length > mostValues) && { more: true }),
      }
    case 'range':
      return {
        field,
        ...(facet.min !== undefined && { min: facet.min }),
        ...(facet.max !== undefined && { max: facet.max }),
      }
  }
}
