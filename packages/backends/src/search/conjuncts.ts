// A query as the conditions that must all hold, and what each of them is about.
import { type FieldName, type FieldQuery, type Query, searchWords } from '@quilt-mcp/core'

/** A word, a phrase or a pattern anywhere, or in a field. */
export type Term = FieldQuery | Extract<Query, { readonly kind: 'text' }>

/** The conditions of a query, all of which must hold. */
export interface Conditions {
  /** On the names of buckets alone: they choose among those that the caller may see. */
  readonly onBuckets: readonly Query[]
  readonly others: readonly Query[]
}

/** Takes a query apart. Undefined when nothing can fit: a word without letters and digits is in no text. */
export function conditionsOf(query: Query): Conditions | undefined {
  const folded = fold(query)
  if (folded === 'none') return undefined
  const conjuncts = folded === 'all' ? [] : folded.kind === 'and' ? folded.operands : [folded]
  const onBuckets = conjuncts.filter((one) => soleField(one) === 'bucket')
  return { onBuckets, others: conjuncts.filter((one) => !onBuckets.includes(one)) }
}

/** Terms that nothing or everything fits are taken out: in the registry's language they would be left out in silence. */
function fold(query: Query): Query | 'all' | 'none' {
  switch (query.kind) {
    case 'all':
      return 'all'
    case 'text':
      return hasNoWords(query.match) ? 'none' : query
    case 'field':
      return (query.field === 'comment' || query.field === 'content') && hasNoWords(query.match) ? 'none' : query
    case 'not': {
      const operand = fold(query.operand)
      if (operand === 'all') return 'none'
      return operand === 'none' ? 'all' : { ...query, operand }
    }
    default: {
      const decided = query.kind === 'and' ? 'none' : 'all'
      const operands = query.operands.map(fold)
      if (operands.includes(decided)) return decided
      const left = operands.filter((operand) => typeof operand !== 'string')
      const [only] = left
      if (only === undefined) return query.kind === 'and' ? 'all' : 'none'
      if (left.length === 1) return only
      return { ...query, operands: left.flatMap((one) => (one.kind === query.kind ? one.operands : [one])) }
    }
  }
}

function hasNoWords(match: Term['match']): boolean {
  return (match.by === 'word' || match.by === 'phrase') && searchWords(match.text).length === 0
}

/** Every term of a query, and whether it stands under an odd number of NOTs. */
export function* termsOf(query: Query, negated = false): Generator<{ readonly term: Term; readonly negated: boolean }> {
  if (query.kind === 'text' || query.kind === 'field') yield { term: query, negated }
  else if (query.kind === 'not') yield* termsOf(query.operand, !negated)
  else if (query.kind !== 'all') for (const operand of query.operands) yield* termsOf(operand, negated)
}

/** The field that all of a query is about. Undefined when there are several, or words. */
export function soleField(query: Query): FieldName | undefined {
  let sole: FieldName | undefined
  for (const { term } of termsOf(query)) {
    if (term.kind !== 'field' || (sole !== undefined && term.field !== sole)) return undefined
    sole = term.field
  }
  return sole
}
