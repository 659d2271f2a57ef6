// Whether user metadata holds what a term asks for.
import type { Json } from '../json/value.js'
import { isJsonObject } from '../json/value.js'
import type { FieldMatch } from '../query/ast.js'
import { metaReadings } from '../query/values.js'
import { type MetaValue, metaValues, metaWordsText } from './meta-values.js'
import { inRange, type Point } from './range-match.js'
import { keywordMatches, textHolds } from './text-match.js'

export interface MetaTerm {
  /** JSON pointer. Absent or empty: anywhere. */
  readonly path?: string | undefined
  readonly match: FieldMatch
}

/** Whether metadata holds a value. Without a path a word may also be one of its keys. */
export function metaMatches(meta: Json | undefined, { path = '', match }: MetaTerm, nowMs: number): boolean {
  if (path !== '') return metaValues(meta).some((value) => value.path === path && metaValueMatches(value, match, nowMs))
  switch (match.by) {
    case 'exists':
      return isJsonObject(meta) && meta.size > 0
    case 'range':
    case 'boolean':
      return metaValues(meta).some((value) => metaValueMatches(value, match, nowMs))
    default:
      return textHolds(metaWordsText(meta), match)
  }
}

/** Whether one value is what a term asks for: keywords as a whole, longer text by its words, what is typed by what the term can mean
 * (`2024` is a number and a year). */
export function metaValueMatches(value: MetaValue, match: FieldMatch, nowMs: number): boolean {
  switch (match.by) {
    case 'exists':
      return true
    case 'boolean':
      return value.type === 'boolean' && value.number === Number(match.value)
    case 'range': {
      const point = pointOf(value)
      return point !== undefined && inRange(point, match, nowMs)
    }
    default:
      if (value.type === 'text') return textHolds(value.text ?? '', match)
      if (value.type === 'keyword') return keywordMatches(value.text ?? '', match)
      return match.by !== 'wildcard' && metaReadings(match.text).some((one) => metaValueMatches(value, one, nowMs))
  }
}

function pointOf({ type, number, text }: MetaValue): Point | undefined {
  if (type === 'keyword' && text !== undefined) return { type, text }
  return (type === 'number' || type === 'datetime') && number !== undefined ? { type, number } : undefined
}
