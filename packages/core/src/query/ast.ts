// What a search says, once it is read: a tree whose every node knows the characters it came from.
import type { FieldName } from './fields.js'

/** Characters of the query text, as UTF-16 indexes; `end` is behind the last one. */
export interface Span {
  readonly from: number
  readonly end: number
}

/** A search. */
export type Query =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Query[]; readonly span: Span }
  | { readonly kind: 'not'; readonly operand: Query; readonly span: Span }
  /** Anywhere in what is searched: names, keys, messages, metadata, content. */
  | { readonly kind: 'text'; readonly match: TextMatch; readonly span: Span }
  | FieldQuery

/** One field holds something. */
export interface FieldQuery {
  readonly kind: 'field'
  readonly field: FieldName
  /** JSON pointer into the user metadata: of the field `meta` only, where empty means anywhere in it. */
  readonly path?: string
  readonly match: FieldMatch
  readonly span: Span
}

/** How text is compared: in any case, unless the field says otherwise. */
export type TextMatch =
  | { readonly by: 'word'; readonly text: string }
  /** Words in this order. */
  | { readonly by: 'phrase'; readonly text: string }
  | { readonly by: 'wildcard'; readonly pattern: readonly PatternPart[] }

/** Part of a pattern: text as it is, any one character, or any number of them. */
export type PatternPart = string | { readonly any: 'one' | 'many' }

/** How a field is compared. */
export type FieldMatch =
  | TextMatch
  | RangeMatch
  | { readonly by: 'exists' }
  | { readonly by: 'boolean'; readonly value: boolean }

/** From one bound to another; at least one is there. */
export interface RangeMatch {
  readonly by: 'range'
  readonly lower?: Bound
  readonly upper?: Bound
}

export interface Bound {
  readonly value: RangeValue
  readonly inclusive: boolean
}

/** A point on a scale. `ago`: so long before the search is made. */
export type RangeValue =
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'date'; readonly ms: number }
  | { readonly type: 'ago'; readonly ms: number }
  | { readonly type: 'text'; readonly text: string }
