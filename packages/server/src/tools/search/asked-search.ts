// From what a call says to what is asked: the query, and beside it filters that were said in words or given as such.
import {
  allOf,
  checkScope,
  checkTerms,
  type FacetRequest,
  naturalFilters,
  parseQuery,
  type Query,
  QuiltError,
  type SearchRequest,
  type SearchScope,
} from '@quilt-mcp/core'
import { bucketArgument } from '../bucket-argument.js'
import { facetsOf } from './facets.js'
import { filterQueries } from './filters.js'
import { orderOf } from './order.js'

/** The arguments of a search. */
export interface SearchArguments {
  readonly query: string
  readonly scope: SearchScope
  readonly bucket?: string | readonly string[] | undefined
  readonly filters?: Readonly<Record<string, unknown>> | undefined
  readonly sort?: string | undefined
  readonly facets?: readonly string[] | undefined
  readonly all_revisions?: boolean | undefined
  readonly natural?: boolean | undefined
}

/** A phrase of the query that was taken as a filter. */
export interface Understood {
  readonly said: string
  /** As a query has it: `ext:csv`. */
  readonly filter: string
}

export interface AskedSearch {
  /** Everything, but for page and limit. */
  readonly request: SearchRequest
  readonly facets: readonly FacetRequest[]
  /** The query alone: without filters, and without what was understood as such. */
  readonly text: Query
  /** The same with every phrase as words. Absent where none was taken as a filter. */
  readonly asWritten?: Query
  readonly understood: readonly Understood[]
  /** Those that were understood, then those given. */
  readonly filters: readonly Query[]
  readonly notes: readonly string[]
}

/** Reads what is asked. Nothing is sent.
 * @param nowMs milliseconds since 1970: what `today` is
 * @throws {QuiltError} `invalid_input` that says where, and what to write instead */
export function askedSearch(args: SearchArguments, nowMs: number): AskedSearch {
  const { scope, natural = true } = args
  // Read as it was written first: its errors say where.
  const written = parseQuery(args.query)
  const { rest, found } = natural ? naturalFilters(args.query, { nowMs }) : { rest: args.query, found: [] }
  const text = found.length === 0 ? written : parseQuery(rest)
  const given = filterQueries(args.filters)
  const filters = [...found.map(({ filter }) => parseQuery(filter)), ...given]
  const query = allOf([text, ...filters])
  checkScope(query, scope)
  checkTerms(query)
  const buckets = bucketsOf(args.bucket)
  const facets = facetsOf(args.facets)
  const order = orderOf(args.sort)
  return {
    request: {
      scope,
      query,
      ...(buckets !== undefined && { buckets }),
      ...(args.all_revisions === true && { allRevisions: true }),
      ...(order !== undefined && { order }),
      ...(facets.length > 0 && { facets }),
    },
    facets,
    text,
    ...(found.length > 0 && { asWritten: allOf([written, ...given]) }),
    understood: found,
    filters,
    notes: notesOn(scope, found),
  }
}

/** Each that is named is looked at, whether the list of buckets has it or not. */
const mostBuckets = 200

function bucketsOf(given: SearchArguments['bucket']): readonly string[] | undefined {
  if (given === undefined) return undefined
  const names = typeof given === 'string' ? given.split(',') : given
  const buckets = [...new Set(names.filter((name) => name.trim() !== '').map(bucketArgument))]
  if (buckets.length > mostBuckets) {
    throw new QuiltError('invalid_input', `${buckets.length} buckets are too many for one search`, {
      hint: `Name at most ${mostBuckets}, or leave bucket out to search all that you can see.`,
      details: { argument: 'bucket' },
    })
  }
  if (buckets.length > 0) return buckets
  throw new QuiltError('invalid_input', 'bucket names none', {
    hint: 'Leave bucket out to search all that you can see; bucket_list names them.',
    details: { argument: 'bucket' },
  })
}

function notesOn(scope: SearchScope, found: readonly Understood[]): readonly string[] {
  const isAbout = (field: string) => found.some(({ filter }) => filter.startsWith(`${field}:`))
  if (scope !== 'packages' || !isAbout('ext') || !isAbout('size')) return []
  return ['Here size is that of the package: scope "entries" finds the files.']
}
