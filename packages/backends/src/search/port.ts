// What can be asked of search, whichever backend answers.
import type { SearchAnswer, SearchRequest } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'

export interface Search {
  /** Finds packages, their files, or objects. Buckets that cannot be searched are left out and named; `forbidden` or `not_found` only when
   * none is left.
   * @throws {QuiltError} `invalid_input` for a query, an order or a facet that the scope does not have; `unsupported` for an order or a facet
   * that this backend cannot give, with those that it can */
  search(request: SearchRequest, options?: CallOptions): Promise<SearchAnswer>
}
