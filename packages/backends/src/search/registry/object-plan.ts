// What is asked of the registry for a search of objects, and what is left to check here.
import type { Query } from '@quilt-mcp/core'
import type { ObjectsAsked, ObjectsFilter } from '../../registry-api/search-input.js'
import { termsOf } from '../conjuncts.js'
import { objectTerm } from './index-terms.js'
import type { SearchPlan } from './plan.js'
import { together } from './query-string.js'
import { type FilterKinds, typedFilters } from './typed-filters.js'

const kinds: FilterKinds = {
  modified: 'date',
  size: 'number',
  ext: 'extension',
  key: 'keyword',
  content: 'words',
  deleted: 'boolean',
}

/** Plans a search of objects. Delete markers are found by those who ask for them. */
export function objectPlan(conjuncts: readonly Query[], nowMs: number): SearchPlan<ObjectsAsked> {
  const { filters, left } = typedFilters(conjuncts, kinds, nowMs)
  const term = objectTerm(nowMs)
  const said = together(left, { term, meeting: 'one', nested: false })
  const checks = left.filter((one) => !together([one], { term, meeting: 'one', nested: false })?.exact)
  const terms = left.flatMap((one) => [...termsOf(one)].map((found) => found.term))
  const asksForDeleted = terms.some((one) => one.kind === 'field' && one.field === 'deleted')
  const filter: ObjectsFilter = {
    modified: filters.dates.get('modified') ?? null,
    size: filters.numbers.get('size') ?? null,
    ext: filters.keywords.get('ext') ?? null,
    key: filters.keywords.get('key') ?? null,
    content: filters.words.get('content') ?? null,
    deleted: filters.booleans.get('deleted') ?? (asksForDeleted ? null : { true: false, false: true }),
  }
  const hasFilter = Object.values(filter).some((predicate) => predicate !== null)
  return {
    asked: { searchString: said?.text ?? null, filter: hasFilter ? filter : null },
    checks,
    counts: checks.length === 0,
    notes: [],
  }
}
