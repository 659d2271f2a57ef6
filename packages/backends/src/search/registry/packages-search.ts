// Packages, or the files of packages, found by the registry.
import type { FacetRequest, MetaType, Query } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { FoundMetaFacet, FoundPackage, FoundPackages } from '../../registry-api/search-answers.js'
import type { PackagesAsked } from '../../registry-api/search-input.js'
import { ask, type ScopedAnswer, type ScopedSearch } from './answering.js'
import { entryPlan } from './entry-plan.js'
import { entryCandidates, packageCandidate } from './found-hits.js'
import { ambiguousPath, type MetaTypes } from './meta-predicate.js'
import { packagePlan } from './package-plan.js'
import type { RegistryCalls } from './registry-calls.js'
import { packageFacet, typeOfFacet } from './search-facets.js'

/** Places of metadata whose types are asked for. */
const mostPlaces = 20
/** Questions about metadata that are under way together. */
const askedAtOnce = 4

/** Searches packages, or their files. For a condition on metadata the types of its values are asked for first. */
export async function searchPackages(
  { request, conjuncts, calls, position, nowMs }: ScopedSearch,
  buckets: readonly string[] | null,
): Promise<ScopedAnswer> {
  const { scope, order, facets = [], allRevisions = false } = request
  const plan =
    scope === 'entries'
      ? entryPlan(conjuncts, nowMs)
      : packagePlan(conjuncts, {
          types: await typesOf(conjuncts, calls, { buckets, allRevisions }),
          nowMs,
          allRevisions,
        })
  const asked: PackagesAsked = { ...plan.asked, buckets }
  const type = order?.by === 'meta' ? await orderType(order.path, calls, asked) : undefined
  const { stats, ...answer } = await ask<FoundPackage, FoundPackages['stats']>({
    request,
    position,
    nowMs,
    plan,
    first: (parts) => calls.packages({ ...asked, ...parts }, { order, type, scope }),
    more: calls.morePackages,
    candidates: scope === 'entries' ? entryCandidates : (found) => [packageCandidate(found)],
  })
  const atPaths = await facetsAt(facets, calls, asked)
  return { ...answer, facets: facets.map((of) => packageFacet(of, stats, atPaths)) }
}

/** Which types values have at the paths where a condition depends on it. */
async function typesOf(
  conjuncts: readonly Query[],
  calls: RegistryCalls,
  { buckets, allRevisions }: { readonly buckets: readonly string[] | null; readonly allRevisions: boolean },
): Promise<MetaTypes> {
  // What is not asked about here is checked on the hits.
  const paths = [...new Set(conjuncts.map(ambiguousPath).filter((path) => path !== undefined))].slice(0, mostPlaces)
  const asked = { buckets, searchString: null, filter: null, userMetaFilters: null, latestOnly: !allRevisions }
  const types = await pLimit(askedAtOnce).map(
    paths,
    async (path): Promise<[string, ReadonlySet<MetaType>]> => [
      path,
      new Set((await calls.metaFacets(asked, path)).flatMap((facet) => typeAt(facet, path))),
    ],
  )
  return new Map(types)
}

/** A registry may tell places beside the one that was asked for. */
function typeAt(facet: FoundMetaFacet, path: string): readonly MetaType[] {
  const type = facet.path === path ? typeOfFacet(facet) : undefined
  return type === undefined ? [] : [type]
}

const sortableFirst: readonly MetaType[] = ['number', 'datetime', 'keyword', 'boolean']

/** The type by which metadata is ordered: of several the first that has an order. */
async function orderType(path: string, calls: RegistryCalls, asked: PackagesAsked): Promise<MetaType | undefined> {
  const types = (await calls.metaFacets(asked, path)).flatMap((facet) => typeAt(facet, path))
  return sortableFirst.find((type) => types.includes(type))
}

async function facetsAt(
  facets: readonly FacetRequest[],
  calls: RegistryCalls,
  asked: PackagesAsked,
): Promise<ReadonlyMap<string, readonly FoundMetaFacet[]>> {
  const paths = new Set(
    facets.flatMap((facet) => (facet.field === 'meta' && facet.path !== undefined ? [facet.path] : [])),
  )
  const found = await pLimit(askedAtOnce).map(
    paths,
    async (path): Promise<[string, readonly FoundMetaFacet[]]> => [
      path,
      (await calls.metaFacets(asked, path)).filter((facet) => facet.path === path),
    ],
  )
  return new Map(found)
}
