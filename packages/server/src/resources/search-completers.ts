// What the variables of searches may be: fields, paths of metadata, and values that there are in the bucket.
import { allOf, type Facet, type FacetRequest, QuiltError } from '@quilt-mcp/core'
import type { Completer, ResourceVariables } from '../mcp/define-resource.js'
import type { ToolContext } from '../mcp/define-tool.js'
import { facetName, facetOf, scopeOf } from '../tools/search/facets.js'
import { searchOf } from '../tools/search/search-of.js'
import { matching, packageNames } from './completers.js'

/** Fields whose values are told, then the paths of the metadata that the bucket's packages have. */
export const facetFields: Completer = async (context, typed, { bucket }) =>
  matching(['ext', 'workflow', 'size', 'modified', 'entries', 'meta', ...(await metaFields(context, bucket))], typed)

/** Fields that a value can be looked for in, then the paths of the metadata. */
export const searchedFields: Completer = async (context, typed, { bucket }) =>
  matching([...searched, ...(await metaFields(context, bucket))], typed)

const searched = ['name', 'key', 'ext', 'comment', 'meta', 'size', 'modified', 'entries', 'hash', 'workflow', 'content']

/** Values of the field that there are in the bucket, the most frequent first. */
export const fieldValues: Completer = async (context, typed, others) => {
  if (others.field === 'name') return packageNames(context, typed, others)
  const facet = await facetIn(context, others, others.field)
  return matching(facet?.kind === 'values' ? facet.values.map(({ value }) => String(value)) : [], typed)
}

async function metaFields(context: ToolContext, bucket: string | undefined): Promise<readonly string[]> {
  const facet = await facetIn(context, { bucket }, 'meta')
  if (facet?.kind !== 'paths') return []
  return [...new Set(facet.paths.map(({ path }) => facetName({ field: 'meta', path })))]
}

/** Undefined where the bucket is not known yet, or nothing is told of the field. */
async function facetIn(
  { backend, signal }: ToolContext,
  { bucket }: { readonly bucket?: string | undefined } & Partial<ResourceVariables>,
  field: string | undefined,
): Promise<Facet | undefined> {
  if (bucket === undefined || field === undefined || backend.search === undefined) return undefined
  const of = facetIfAny(field)
  if (of === undefined) return undefined
  const { facets } = await searchOf(backend).search(
    { scope: scopeOf(of.field), query: allOf([]), buckets: [bucket], facets: [of], limit: 0 },
    { signal },
  )
  return facets[0]
}

function facetIfAny(field: string): FacetRequest | undefined {
  try {
    return facetOf(field)
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'invalid_input') return undefined
    throw error
  }
}
