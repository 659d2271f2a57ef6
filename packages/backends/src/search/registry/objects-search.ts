// Objects found by the registry.
import { ask, type ScopedAnswer, type ScopedSearch } from './answering.js'
import { objectCandidate } from './found-hits.js'
import { objectPlan } from './object-plan.js'
import { objectFacet } from './search-facets.js'

/** Searches objects. */
export async function searchObjects(
  { request, conjuncts, calls, position, nowMs }: ScopedSearch,
  buckets: readonly string[] | null,
): Promise<ScopedAnswer> {
  const plan = objectPlan(conjuncts, nowMs)
  const { stats, ...answer } = await ask({
    request,
    position,
    nowMs,
    plan,
    first: (parts) => calls.objects({ ...plan.asked, buckets, ...parts }, request.order),
    more: calls.moreObjects,
    candidates: (found) => [objectCandidate(found)],
  })
  return { ...answer, facets: (request.facets ?? []).map((of) => objectFacet(of, stats)) }
}
