// Fields that are compared as a whole: names, keys, hashes; and numbers and times.
import { type FieldMatch, foldText } from '@quilt-mcp/core'
import { fits } from './glob.js'
import { inRange, type Scale } from './ranges.js'
import { every, never, type Sql, sql } from './sql.js'

/** Whether a value is what a term asks for, in any case. @param value folded; null holds nothing */
export function keywordCondition(value: Sql, match: FieldMatch, nowMs: number): Sql {
  switch (match.by) {
    case 'word':
    case 'phrase':
      return sql`${value} = ${foldText(match.text)}`
    case 'wildcard':
      return fits(value, match.pattern)
    case 'range':
      return every([sql`${value} is not null`, inRange(value, match, { type: 'keyword', nowMs })])
    case 'exists':
      return sql`${value} <> ''`
    case 'boolean':
      return never
  }
}

/** Whether a number or a time is what a term asks for. @param value null holds nothing */
export function pointCondition(value: Sql, match: FieldMatch, scale: Scale): Sql {
  if (match.by === 'exists') return sql`${value} is not null`
  return match.by === 'range' ? inRange(value, match, scale) : never
}
