// Conditions that the registry's keyword filters can say: one of several values, or one pattern.
import type { PatternPart, Query, TextMatch } from '@quilt-mcp/core'
import type { KeywordPredicate } from '../../registry-api/search-input.js'

/** The values of a condition on one place: `name:a`, `name:(a OR b)`. Undefined when it says something else. */
export function valuesOf(query: Query): readonly string[] | undefined {
  const terms = query.kind === 'or' ? query.operands : [query]
  const values = terms.map((term) =>
    term.kind === 'field' && (term.match.by === 'word' || term.match.by === 'phrase') ? term.match.text : undefined,
  )
  return values.every((value) => value !== undefined) ? values : undefined
}

/** The keyword filter for a condition that is all about one place. Undefined when there is none. The registry compares values as they are
 * written, so those in lower case are asked for, too. */
export function keywordPredicate(query: Query): KeywordPredicate | undefined {
  const values = valuesOf(query)
  if (values !== undefined) {
    return { terms: [...new Set(values.flatMap((value) => [value, value.toLowerCase()]))], wildcard: null }
  }
  if (query.kind !== 'field') return undefined
  if (query.match.by === 'exists') return { terms: null, wildcard: '*' }
  return query.match.by === 'wildcard' ? { terms: null, wildcard: wildcardOf(query.match.pattern) } : undefined
}

function wildcardOf(pattern: readonly PatternPart[]): string {
  return pattern
    .map((part) => (typeof part === 'string' ? part.replace(/[*?\\]/g, '\\$&') : part.any === 'one' ? '?' : '*'))
    .join('')
}

/** The filter for extensions, which are indexed with their dot on most stacks, without it on some. Undefined for patterns, and for those
 * of several parts. */
export function extensionPredicate(query: Query): KeywordPredicate | undefined {
  const values = valuesOf(query)?.map((value) => value.toLowerCase())
  if (values === undefined || values.some((value) => value.includes('.'))) return undefined
  return { terms: values.flatMap((value) => [`.${value}`, value]), wildcard: null }
}

/** An extension as a pattern of keys. */
export function keysWithExtension(match: TextMatch): TextMatch {
  const extension = match.by === 'wildcard' ? match.pattern : [match.text]
  const [first, ...rest] = extension
  const dotted = typeof first === 'string' ? [`.${first}`, ...rest] : ['.', ...extension]
  return { by: 'wildcard', pattern: [{ any: 'many' }, ...dotted] }
}
