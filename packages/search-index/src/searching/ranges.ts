// From one value to another.
import { type Bound, foldText, type MetaType, type RangeMatch } from '@quilt-mcp/core'
import { every, never, type Sql, type SqlValue, sql } from './sql.js'

export interface Scale {
  readonly type: Exclude<MetaType, 'text' | 'boolean'>
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

/** Whether a value lies in a range; bounds of another type hold nothing. @param value a number, milliseconds, or folded text */
export function inRange(value: Sql, { lower, upper }: RangeMatch, scale: Scale): Sql {
  return every([
    ...(lower === undefined ? [] : [beyond(value, lower, { scale, operator: lower.inclusive ? '>=' : '>' })]),
    ...(upper === undefined ? [] : [beyond(value, upper, { scale, operator: upper.inclusive ? '<=' : '<' })]),
  ])
}

function beyond(value: Sql, { value: bound }: Bound, { scale, operator }: { scale: Scale; operator: string }): Sql {
  const point = pointOf(bound, scale)
  if (point === undefined) return never
  return sql`${value} ${{ text: operator, values: [] }} ${point}`
}

function pointOf(bound: Bound['value'], { type, nowMs }: Scale): SqlValue | undefined {
  switch (bound.type) {
    case 'number':
      return type === 'number' ? bound.number : undefined
    case 'date':
      return type === 'datetime' ? bound.ms : undefined
    case 'ago':
      return type === 'datetime' ? nowMs - bound.ms : undefined
    case 'text':
      return type === 'keyword' ? foldText(bound.text) : undefined
  }
}

/** The type that the bounds of a range have, when it is the same one. */
export function scaleOfRange({ lower, upper }: RangeMatch): Scale['type'] | undefined {
  const types = [lower, upper].flatMap((bound) => (bound === undefined ? [] : [scaleOf(bound)]))
  return types.every((type) => type === types[0]) ? types[0] : undefined
}

function scaleOf({ value: { type } }: Bound): Scale['type'] {
  return type === 'number' ? 'number' : type === 'text' ? 'keyword' : 'datetime'
}
