// The resolvers of search: their parts put together.
import { searchBudget } from './budget.js'
import { type SearchObjectsDeps, searchObjectsResolvers } from './search-objects.js'
import { type SearchPackagesDeps, searchPackagesResolvers } from './search-packages.js'

export type SearchDeps = Omit<SearchObjectsDeps, 'spend'> & Omit<SearchPackagesDeps, 'spend'>

/** What answers the four searches. */
export function searchResolvers(deps: SearchDeps) {
  const spend = searchBudget()
  return [searchObjectsResolvers({ ...deps, spend }), searchPackagesResolvers({ ...deps, spend })]
}
