// Searching what a caller may read. The one place where search meets rights: nothing else opens an index.
import type { SearchAnswer, SearchRequest } from '@quilt-mcp/core'
import { searchIndexes } from '@quilt-mcp/search-index'
import type { IdentityStore } from '../identity/identity-store.js'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { BucketIndexes } from './bucket-indexes.js'

/** What was found. */
export type Found = Pick<SearchAnswer, 'hits' | 'total' | 'cursor' | 'facets'>

export interface StackSearch {
  /** Searches the buckets that the caller's active role may read: all of them, or those of the request (none or empty: all). A bucket that
   * the role may not read is searched as little as one that does not exist.
   * @param nowMs what `now-30d` counts from, milliseconds since 1970
   * @throws {QuiltError} `invalid_input` for a query, an order, a facet or a cursor that does not fit */
  search(principal: Principal, request: SearchRequest, nowMs: number): Promise<Found>
  /** The buckets that the caller's active role may read, of those that are asked for (none or empty: all). */
  readable(principal: Principal, asked?: readonly string[] | null): readonly string[]
}

export interface StackSearchDeps {
  readonly identity: Pick<IdentityStore, 'bucketRecords'>
  readonly indexes: Pick<BucketIndexes, 'fresh'>
}

/** Search over the indexes of a stack. */
export function stackSearch({ identity, indexes }: StackSearchDeps): StackSearch {
  const readable: StackSearch['readable'] = (principal, asked) => {
    const names = identity
      .bucketRecords()
      .map(({ name }) => name)
      .filter((name) => mayAccess(principal, name, 'READ'))
    return asked == null || asked.length === 0 ? names : names.filter((name) => asked.includes(name))
  }
  return {
    readable,
    async search(principal, request, nowMs) {
      const searched = request.scope === 'objects' ? 'objects' : 'packages'
      const buckets = readable(principal, request.buckets)
      const opened = await Promise.all(buckets.map((bucket) => indexes.fresh(bucket, searched)))
      if (opened.length === 0) return { hits: [], total: 0, facets: [] }
      return searchIndexes(opened, request, { nowMs })
    },
  }
}
