// What is asked of the registry for a search of the files of packages: it finds packages, and tells files of theirs that match.
import type { Query } from '@quilt-mcp/core'
import type { PackagesAsked } from '../../registry-api/search-input.js'
import { termsOf } from '../conjuncts.js'
import { entryTerm } from './index-terms.js'
import { filterOf } from './package-plan.js'
import type { SearchPlan } from './plan.js'
import { together } from './query-string.js'
import { type FilterKinds, typedFilters } from './typed-filters.js'

const kinds: FilterKinds = { modified: 'date', name: 'keyword', hash: 'keyword', comment: 'words', workflow: 'keyword' }
const anyFile = 'entry_lk:*'

const someFiles =
  'A registry finds packages and tells only some of the files of each that match: there may be more, and how many is not known.'

/** Plans a search of files. Each is checked against the whole query. */
export function entryPlan(conjuncts: readonly Query[], nowMs: number): SearchPlan<PackagesAsked> {
  const { filters, left } = typedFilters(conjuncts, kinds, nowMs)
  const said = together(left, { term: entryTerm(nowMs), meeting: 'one', nested: false })
  const namesOne = left.some((one) => [...termsOf(one)].every(({ negated }) => !negated))
  // What must not be in a file is not in a package's other documents either.
  const searchString = said === undefined ? anyFile : namesOne ? said.text : `${anyFile} AND ${said.text}`
  return {
    asked: { searchString, filter: filterOf(filters), userMetaFilters: null, latestOnly: true },
    checks: conjuncts,
    counts: false,
    rough: true,
    notes: [someFiles],
  }
}
