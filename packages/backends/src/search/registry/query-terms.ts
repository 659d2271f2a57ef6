// Elasticsearch's query-string syntax: words, phrases, patterns and ranges, each safe from being read as syntax.
import type { PatternPart, TextMatch } from '@quilt-mcp/core'
import type { InclusiveRange } from './inclusive-range.js'

const plainWord = /^[\p{L}\p{N}\p{M}]+$/u
const operators: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'TO'])
/** With a blank among them: outside of quotation marks it ends a term. */
const special = /[-+=&|!(){}[\]^"~*?:\\/<>\s]/g

/** All that is searched. */
export const everything = '*:*'

/** Text as it stands: between quotation marks only these two mean something. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** A word as it is; what has other characters in it is several words, one after the other. */
const wordTerm = (text: string): string => (plainWord.test(text) && !operators.has(text) ? text : quoted(text))

/** A pattern. `<` and `>` cannot be escaped: any one character stands for them. */
export function patternTerm(pattern: readonly PatternPart[]): string {
  return pattern
    .map((part) => {
      if (typeof part !== 'string') return part.any === 'one' ? '?' : '*'
      return part.replace(special, (character) => (/[<>]/.test(character) ? '?' : `\\${character}`))
    })
    .join('')
}

/** Whether a term says what it should: not for a pattern with a character that cannot be escaped. */
export const saysAll = (match: TextMatch): boolean =>
  match.by !== 'wildcard' || !match.pattern.some((part) => typeof part === 'string' && /[<>]/.test(part))

/** Words of a field with analysed text, or (`field` absent) of all fields. */
export function wordsTerm(match: TextMatch, field?: string): string {
  const before = field === undefined ? '' : `${field}:`
  if (match.by === 'phrase') return `${before}${quoted(match.text)}`
  return `${before}${match.by === 'word' ? wordTerm(match.text) : patternTerm(match.pattern)}`
}

/** The whole value of a keyword field. */
export const keywordTerm = (field: string, match: TextMatch): string =>
  `${field}:${match.by === 'wildcard' ? patternTerm(match.pattern) : quoted(match.text)}`

/** A range of numbers, or of ISO dates. */
export function rangeTerm(field: string, { gte, lte }: InclusiveRange<number | string>): string {
  const bound = (value: number | string | null): string =>
    value === null ? '*' : typeof value === 'string' ? quoted(value) : String(value)
  return `${field}:[${bound(gte)} TO ${bound(lte)}]`
}

/** One of several. */
export const anyOf = (terms: readonly string[]): string =>
  terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' OR ')})`

/** All of several. @param nested whether it stands inside of something else */
export function allOfTerms(terms: readonly string[], { nested }: { readonly nested: boolean }): string {
  const joined = terms.join(' AND ')
  return nested && terms.length > 1 ? `(${joined})` : joined
}
