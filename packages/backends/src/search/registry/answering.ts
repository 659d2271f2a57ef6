// What all searches at the registry have in common: the pages, the checks, and the words about them.
import {
  type LeftOut,
  type MatchOptions,
  matchesQuery,
  type Query,
  type SearchAnswer,
  type SearchHit,
  type SearchRequest,
} from '@quilt-mcp/core'
import type { Found, FoundPage } from '../../registry-api/search-answers.js'
import type { Candidate } from './found-hits.js'
import { cursorOf, fillPage, largestPage, type Position } from './found-pages.js'
import type { SearchPlan } from './plan.js'
import type { RegistryCalls } from './registry-calls.js'

/** A search in one scope. */
export interface ScopedSearch {
  readonly request: SearchRequest
  /** Of the query: conditions on other things than buckets. */
  readonly conjuncts: readonly Query[]
  readonly calls: RegistryCalls
  readonly position: Position
  readonly nowMs: number
  readonly signal?: AbortSignal | undefined
}

/** What is found in one scope. */
export interface ScopedAnswer extends Omit<SearchAnswer, 'leftOut' | 'sent'> {
  /** What was checked on the hits. */
  readonly checks: readonly Query[]
}

/** One search, ready to be asked. */
interface Asking<Raw, Stats> {
  readonly request: SearchRequest
  readonly position: Position
  readonly nowMs: number
  readonly plan: Pick<SearchPlan<{ readonly buckets: unknown }>, 'checks' | 'counts' | 'rough' | 'notes'>
  first(parts: {
    readonly size: number
    readonly withPage: boolean
    readonly withStats: boolean
  }): Promise<Found<Raw, Stats>>
  more(after: string, size: number): Promise<FoundPage<Raw>>
  candidates(raw: Raw): readonly Candidate<SearchHit>[]
}

/** Hits, and what is known of all of them. */
interface Asked<Stats> extends Omit<ScopedAnswer, 'facets'> {
  readonly stats: Stats | undefined
}

const unchecked = 'How many there are in all is not known: a part of the search is checked on what the registry finds.'
const facetsUnchecked = 'The facets are of all that the registry found, before a part of the search was checked.'
const stoppedEarly =
  'Few of what the registry finds fit the whole search, so this page is not full: use the cursor to go on.'
const asWritten =
  'The registry compares names, keys and other keywords as they are written: check upper and lower case.'

/** Asks for a page, or with a limit of 0 only for counts and statistics. */
export async function ask<Raw, Stats>(asking: Asking<Raw, Stats>): Promise<Asked<Stats>> {
  const { request, position, plan, nowMs } = asking
  const { checks, counts, rough } = plan
  const { limit = largestPage, facets = [] } = request
  const withStats = facets.length > 0
  const notes: string[] = [...plan.notes, ...(withStats && checks.length > 0 ? [facetsUnchecked] : [])]
  if (limit === 0) {
    const { total, stats } = await asking.first({ size: 1, withPage: false, withStats })
    if (counts) return { hits: [], checks, stats, notes, ...(total === undefined ? {} : { total }) }
    return { hits: [], checks, stats, notes: [...notes, unchecked] }
  }
  const options: MatchOptions = { scope: request.scope, nowMs }
  const accept = ({ document, hit }: Candidate<SearchHit>): SearchHit | undefined =>
    checks.every((check) => matchesQuery(check, document, options)) ? hit(request.query, options) : undefined
  let begun: Found<Raw, Stats> | undefined
  const first = async (size: number): Promise<FoundPage<Raw>> => {
    begun = await asking.first({ size, withPage: true, withStats })
    return begun.page ?? { hits: [] }
  }
  const filled = await fillPage(
    { first, more: (after, size) => asking.more(after, size) },
    {
      candidates: (raw) => asking.candidates(raw).map(accept),
      limit,
      allCount: checks.length === 0,
      position,
    },
  )
  if (begun === undefined && withStats) begun = await asking.first({ size: 1, withPage: false, withStats })
  const isAll = position.after === undefined && position.skip === 0 && filled.next === undefined
  const total = totalOf({
    counts,
    told: begun?.total,
    complete: isAll && !rough,
    hits: filled.hits.length,
  })
  if (filled.stopped) notes.push(stoppedEarly)
  if (total === undefined && checks.length > 0 && request.scope !== 'entries') notes.push(unchecked)
  if (isAll && filled.hits.length === 0 && hasKeywords(request.query)) notes.push(asWritten)
  return {
    hits: filled.hits,
    checks,
    stats: begun?.stats,
    notes,
    ...(total === undefined ? {} : { total }),
    ...(filled.next === undefined ? {} : { cursor: cursorOf(filled.next, request) }),
  }
}

/** Told by the registry for all that counts; or counted here when all of it was seen. */
function totalOf(known: {
  counts: boolean
  told: number | undefined
  complete: boolean
  hits: number
}): number | undefined {
  if (known.counts && known.told !== undefined) return known.told
  return known.complete ? known.hits : undefined
}

function hasKeywords(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.operands.some(hasKeywords)
  if (query.kind === 'not') return hasKeywords(query.operand)
  return query.kind === 'field' && ['name', 'key', 'hash', 'workflow', 'meta'].includes(query.field)
}

/** The answer to a search that nothing can fit. */
export const nothingFits = (leftOut: readonly LeftOut[] = []): SearchAnswer => ({
  hits: [],
  total: 0,
  facets: [],
  leftOut,
  notes: [
    'Nothing can fit this search: a word in it has neither letters nor digits, or its conditions exclude each other.',
  ],
  sent: [],
})
