// Whether a point lies between two bounds.
import { compareCodePoints } from '../code-points.js'
import type { Bound, RangeMatch } from '../query/ast.js'
import type { MetaType } from './request.js'
import { foldText } from './words.js'

/** A value on one of the scales. A boolean and a long text lie on none. */
export type Point =
  | { readonly type: 'number' | 'datetime'; readonly number: number }
  | { readonly type: 'keyword'; readonly text: string }

/** Whether a point lies in a range. Bounds of another type than the point's hold nothing. */
export function inRange(point: Point, { lower, upper }: RangeMatch, nowMs: number): boolean {
  return isBeyond(point, lower, { nowMs, sign: 1 }) && isBeyond(point, upper, { nowMs, sign: -1 })
}

/** On which scale the value of a bound lies. */
function scaleOf({ value }: Bound): MetaType {
  return ({ number: 'number', date: 'datetime', ago: 'datetime', text: 'keyword' } as const)[value.type]
}

function isBeyond(point: Point, bound: Bound | undefined, { nowMs, sign }: { nowMs: number; sign: number }): boolean {
  if (bound === undefined) return true
  if (scaleOf(bound) !== point.type) return false
  const order = sign * orderOf(point, bound, nowMs)
  return bound.inclusive ? order >= 0 : order > 0
}

function orderOf(point: Point, { value }: Bound, nowMs: number): number {
  if (value.type === 'text')
    return point.type === 'keyword' ? compareCodePoints(foldText(point.text), foldText(value.text)) : Number.NaN
  if (point.type === 'keyword') return Number.NaN
  if (value.type === 'number') return point.number - value.number
  return point.number - (value.type === 'ago' ? nowMs - value.ms : value.ms)
}
