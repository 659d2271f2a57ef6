// What can be asked of a search, and what it answers: the words of the port, of the index and of the stack's resolvers.
import type { Query } from '../query/ast.js'
import type { SearchScope } from '../query/fields.js'
import type { SearchHit } from './hit.js'

/** By what hits are ordered. `meta` with a JSON pointer into the user metadata. */
export type SearchOrder =
  | {
      readonly by: 'name' | 'key' | 'modified' | 'size' | 'entries' | 'hash' | 'workflow'
      readonly direction: 'asc' | 'desc'
    }
  | { readonly by: 'meta'; readonly path: string; readonly direction: 'asc' | 'desc' }

/** Which values of what was found are told: of a field, of user metadata below a path, or (`meta` without a path) which paths there are. */
export type FacetRequest =
  | { readonly field: 'ext' | 'workflow' | 'size' | 'modified' | 'entries' }
  | { readonly field: 'meta'; readonly path?: string }

export interface SearchRequest {
  readonly scope: SearchScope
  /** Filters included. */
  readonly query: Query
  /** Absent: all that the caller may see. */
  readonly buckets?: readonly string[] | undefined
  /** Whether packages are found by older revisions, too. Default false. */
  readonly allRevisions?: boolean | undefined
  /** Absent: the best first. */
  readonly order?: SearchOrder | undefined
  readonly facets?: readonly FacetRequest[] | undefined
  /** 0 to 1,000: with 0 only counts and facets are told. Default 100. */
  readonly limit?: number | undefined
  /** Where the last page of the same search ended. */
  readonly cursor?: string | undefined
}

/** One value and how many of what was found have it. */
export interface FacetValue {
  readonly value: string | number | boolean
  /** Absent where it is not told. */
  readonly count?: number
}

/** How values of user metadata are typed (formats.md 6.3). */
export type MetaType = 'number' | 'datetime' | 'keyword' | 'text' | 'boolean'

export type Facet =
  | {
      readonly of: FacetRequest
      readonly kind: 'values'
      readonly values: readonly FacetValue[]
      readonly more: boolean
    }
  /** Numbers, or ISO-8601 dates. Without bounds when nothing has a value. */
  | {
      readonly of: FacetRequest
      readonly kind: 'range'
      readonly min?: number | string
      readonly max?: number | string
    }
  | {
      readonly of: FacetRequest
      readonly kind: 'paths'
      readonly paths: readonly { readonly path: string; readonly type: MetaType }[]
      readonly more: boolean
    }

/** A bucket that was asked for and could not be searched. */
export interface LeftOut {
  readonly bucket: string
  /** In words. */
  readonly why: string
}

/** How far an index has come that answers while it is built. */
export interface Indexing {
  /** Packages, or objects, that are in it. */
  readonly done: number
  /** Absent while that is not known. */
  readonly total?: number
  readonly of: 'packages' | 'objects'
}

/** What was asked of whom: for people who want to know why. */
export interface SentSearch {
  /** `GraphQL searchPackages`, `index of lab-data`. */
  readonly to: string
  /** Plain JSON. */
  readonly asked: Readonly<Record<string, unknown>>
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[]
  /** How many there are in all. Absent: not known; never the length of a page. */
  readonly total?: number
  /** Present when there is more. */
  readonly cursor?: string
  /** In the order in which they were asked for. */
  readonly facets: readonly Facet[]
  readonly leftOut: readonly LeftOut[]
  /** Present while something of what was asked is not indexed: then there may be more than was found. */
  readonly indexing?: Indexing
  /** What else to know: sentences. */
  readonly notes: readonly string[]
  readonly sent: readonly SentSearch[]
}
