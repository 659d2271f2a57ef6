// What the registry's searches take (formats.md 7.5). What is not asked is null: older registries want every member.

export type DatetimePredicate = { readonly gte: string | null; readonly lte: string | null }
export type NumberPredicate = { readonly gte: number | null; readonly lte: number | null }
export type KeywordPredicate = { readonly terms: readonly string[] | null; readonly wildcard: string | null }
export type TextPredicate = { readonly queryString: string }
export type BooleanPredicate = { readonly true: boolean; readonly false: boolean }

export type PackagesFilter = {
  readonly modified: DatetimePredicate | null
  readonly size: NumberPredicate | null
  readonly name: KeywordPredicate | null
  readonly hash: KeywordPredicate | null
  readonly entries: NumberPredicate | null
  readonly comment: TextPredicate | null
  readonly workflow: KeywordPredicate | null
}

export type ObjectsFilter = {
  readonly modified: DatetimePredicate | null
  readonly size: NumberPredicate | null
  readonly ext: KeywordPredicate | null
  readonly key: KeywordPredicate | null
  readonly content: TextPredicate | null
  readonly deleted: BooleanPredicate | null
}

/** Exactly one of the types is not null. */
export type UserMetaPredicate = {
  /** JSON pointer. */
  readonly path: string
  readonly datetime: DatetimePredicate | null
  readonly number: NumberPredicate | null
  readonly text: TextPredicate | null
  readonly keyword: KeywordPredicate | null
  readonly boolean: BooleanPredicate | null
}

/** Which packages are searched for. Null: without that condition; `buckets`: in all that the caller may see. */
export type PackagesAsked = {
  readonly buckets: readonly string[] | null
  readonly searchString: string | null
  readonly filter: PackagesFilter | null
  readonly userMetaFilters: readonly UserMetaPredicate[] | null
  readonly latestOnly: boolean
}

/** Which objects are searched for. */
export type ObjectsAsked = {
  readonly buckets: readonly string[] | null
  readonly searchString: string | null
  readonly filter: ObjectsFilter | null
}

/** Which parts are answered. */
export type PartsAsked = {
  /** Hits on the first page: 1 to 100, above which registries fail. */
  readonly size: number
  readonly withPage: boolean
  readonly withStats: boolean
}

/** Order of objects, and on older stacks of packages. */
export type ResultOrder = 'BEST_MATCH' | 'NEWEST' | 'OLDEST' | 'LEX_ASC' | 'LEX_DESC'
