// What user metadata there is among packages that were found: paths, types, values.
import {
  allOf,
  type Facet,
  keywordMatches,
  type MetaType,
  type Query,
  type SearchRequest,
  wordMatch,
} from '@quilt-mcp/core'
import type { Found } from '../search/stack-search.js'
import { datetimeExtents, keywordExtents, numberExtents } from './search-extents.js'
import { valueOfType } from './search-filters.js'

/** Values of one type at one path. */
interface MetaPath {
  readonly path: string
  readonly type: MetaType
}

/** Searches the same packages once more. */
type Look = (more: Partial<SearchRequest>) => Promise<Found>

/** A facet as resolvers hand it on. */
export interface MetaFacet {
  readonly __typename: string
  readonly path: string
  readonly sortable: boolean
  /** Asked for only where the client wants extents. */
  facet(): Promise<Facet | undefined>
}

export type FacetType = Uppercase<MetaType>

const typeNames: Readonly<Record<MetaType, string>> = {
  number: 'NumberPackageUserMetaFacet',
  datetime: 'DatetimePackageUserMetaFacet',
  keyword: 'KeywordPackageUserMetaFacet',
  text: 'TextPackageUserMetaFacet',
  boolean: 'BooleanPackageUserMetaFacet',
}
const metaTypes: readonly MetaType[] = ['number', 'datetime', 'keyword', 'text', 'boolean']

/** Facets of these paths; extents of all of them are one search, those of a path with several types one more for each type. */
export function metaFacets(paths: readonly MetaPath[], query: Query, look: Look): readonly MetaFacet[] {
  const alone = paths.filter(({ path }) => paths.filter((other) => other.path === path).length === 1)
  const together = once(() => look({ limit: 0, facets: alone.map(({ path }) => ({ field: 'meta', path })) }))
  return paths.map((one) => ({
    __typename: typeNames[one.type],
    path: one.path,
    sortable: one.type !== 'text',
    async facet() {
      const index = alone.indexOf(one)
      if (index >= 0) return (await together()).facets[index]
      return (await look(ofType(one, query))).facets[0]
    },
  }))
}

/** The facets of a path; or, when none is just that, those of paths that hold the text or fit its `*` and `?`. */
export async function facetsAt(
  { path, type }: { readonly path: string; readonly type?: FacetType | null },
  query: Query,
  look: Look,
): Promise<readonly MetaFacet[]> {
  const types = metaTypes.filter((one) => type == null || type === one.toUpperCase())
  const exact = path.startsWith('/') ? await typesAt({ path, types }, query, look) : []
  if (exact.length > 0) return metaFacets(exact, query, look)
  const { facets } = await look({ limit: 0, facets: [{ field: 'meta' }] })
  const known = facets[0]?.kind === 'paths' ? facets[0].paths : []
  return metaFacets(
    known.filter((one) => types.includes(one.type) && isMeant(one.path, path)),
    query,
    look,
  )
}

async function typesAt(
  { path, types }: { readonly path: string; readonly types: readonly MetaType[] },
  query: Query,
  look: Look,
): Promise<readonly MetaPath[]> {
  const found: MetaPath[] = []
  for (const type of types) {
    const { total } = await look({ limit: 0, query: allOf([query, valueOfType(path, type)]) })
    if (total !== 0) found.push({ path, type })
  }
  return found
}

const ofType = ({ path, type }: MetaPath, query: Query): Partial<SearchRequest> => ({
  limit: 0,
  query: allOf([query, valueOfType(path, type)]),
  facets: [{ field: 'meta', path }],
})

/** Whether a path holds a text, or all of it fits the text's `*` and `?`. */
function isMeant(path: string, text: string): boolean {
  if (/[*?]/.test(text)) return keywordMatches(path, wordMatch(text))
  return path.toLowerCase().includes(text.toLowerCase())
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= work()
    return done
  }
}

export const metaFacetResolvers = {
  NumberPackageUserMetaFacet: { extents: async (facet: MetaFacet) => numberExtents(await facet.facet()) },
  DatetimePackageUserMetaFacet: { extents: async (facet: MetaFacet) => datetimeExtents(await facet.facet()) },
  KeywordPackageUserMetaFacet: { extents: async (facet: MetaFacet) => keywordExtents(await facet.facet()) },
}
