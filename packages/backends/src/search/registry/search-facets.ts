// Facets as the registry tells them: ranges and values without counts.
import { type Facet, type FacetRequest, type MetaType, QuiltError, type SearchScope } from '@quilt-mcp/core'
import type { FoundMetaFacet, FoundObjects, FoundPackages } from '../../registry-api/search-answers.js'

type FacetField = FacetRequest['field']

const scopeFacets: Readonly<Record<SearchScope, readonly FacetField[]>> = {
  packages: ['ext', 'workflow', 'size', 'modified', 'entries', 'meta'],
  entries: ['ext', 'workflow', 'size', 'modified', 'meta'],
  objects: ['ext', 'size', 'modified'],
}
const registryFacets: Readonly<Record<SearchScope, readonly FacetField[]>> = {
  packages: ['workflow', 'size', 'modified', 'entries', 'meta'],
  entries: [],
  objects: scopeFacets.objects,
}

/** Each place of metadata is a question of its own. */
const mostFacets = 20

/** @throws {QuiltError} `invalid_input` for a facet that the scope does not have and for more than 20, `unsupported` for one that the registry
 * does not tell */
export function checkFacets(facets: readonly FacetRequest[], scope: SearchScope): void {
  if (facets.length > mostFacets) {
    throw new QuiltError('invalid_input', `${facets.length} facets are too many for one search`, {
      hint: `Ask for at most ${mostFacets}.`,
    })
  }
  for (const { field } of facets) {
    if (!scopeFacets[scope].includes(field)) {
      throw new QuiltError('invalid_input', `${scope} have no facet ${field}`, {
        hint: `Ask for ${scopeFacets[scope].join(', ')}.`,
      })
    }
    if (registryFacets[scope].includes(field)) continue
    const known = registryFacets[scope]
    throw new QuiltError('unsupported', `A registry tells no facet ${field} of ${scope}`, {
      hint:
        known.length > 0
          ? `It tells ${known.join(', ')}.`
          : 'It tells none of files in packages: ask for facets of packages, or of objects.',
      details: { facets: known },
    })
  }
}

/** Facets of packages. @param atPaths by path, for facets of metadata @param stats absent when nothing was found */
export function packageFacet(
  of: FacetRequest,
  stats: FoundPackages['stats'],
  atPaths: ReadonlyMap<string, readonly FoundMetaFacet[]>,
): Facet {
  switch (of.field) {
    case 'workflow':
      return valuesFacet(of, stats?.workflow.values ?? [])
    case 'meta': {
      if (of.path !== undefined) return metaFacet(of, atPaths.get(of.path) ?? [])
      const paths = (stats?.userMeta ?? []).flatMap(({ __typename, path }) => {
        const type = metaTypes[__typename]
        return type === undefined ? [] : [{ path, type }]
      })
      return { of, kind: 'paths', paths, more: stats?.userMetaTruncated ?? false }
    }
    case 'ext':
      return valuesFacet(of, [])
    default:
      return rangeFacet(of, stats?.[of.field])
  }
}

/** Facets of objects. */
export function objectFacet(of: FacetRequest, stats: FoundObjects['stats']): Facet {
  if (of.field === 'size' || of.field === 'modified') return rangeFacet(of, stats?.[of.field])
  return valuesFacet(
    of,
    (stats?.ext.values ?? []).map((ext) => ext.replace(/^\./, '')).filter((ext) => ext !== ''),
  )
}

/** Which type a facet's values have. Undefined: one that we do not know. */
export const typeOfFacet = ({ __typename }: { readonly __typename: string }): MetaType | undefined =>
  metaTypes[__typename]

const metaTypes: Readonly<Record<string, MetaType>> = {
  NumberPackageUserMetaFacet: 'number',
  DatetimePackageUserMetaFacet: 'datetime',
  KeywordPackageUserMetaFacet: 'keyword',
  TextPackageUserMetaFacet: 'text',
  BooleanPackageUserMetaFacet: 'boolean',
}

/** One facet of a place: its values, if it has any that are told, else its range. */
function metaFacet(of: FacetRequest, found: readonly FoundMetaFacet[]): Facet {
  const keywords = found.find((facet) => facet.keywords)?.keywords?.values
  if (keywords !== undefined) return valuesFacet(of, keywords)
  const range = found.find(({ numbers, dates }) => numbers ?? dates)
  if (range !== undefined) return rangeFacet(of, range.numbers ?? range.dates ?? undefined)
  return { of, kind: 'values', values: [], more: found.length > 0 }
}

/** The registry does not tell how often a value occurs. */
function valuesFacet(of: FacetRequest, values: readonly string[]): Facet {
  return { of, kind: 'values', values: [...new Set(values)].map((value) => ({ value })), more: false }
}

interface Extents {
  readonly min?: number | string | null | undefined
  readonly max?: number | string | null | undefined
}

function rangeFacet(of: FacetRequest, extents: Extents | undefined): Facet {
  const { min, max } = extents ?? {}
  return { of, kind: 'range', ...(min == null ? {} : { min }), ...(max == null ? {} : { max }) }
}
