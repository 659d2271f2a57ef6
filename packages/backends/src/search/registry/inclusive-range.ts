// Bounds as the registry takes them: included, or none.
import type { Bound, RangeMatch } from '@quilt-mcp/core'

/** From one value to another, both in it. Null: no bound. */
export interface InclusiveRange<T> {
  readonly gte: T | null
  readonly lte: T | null
}

/** A range on one scale. `exact`: whether it says the same as what it was made from, else a bound too much. */
export interface ScaleRange extends InclusiveRange<number> {
  readonly scale: 'number' | 'date'
  readonly exact: boolean
}

/** A range as inclusive bounds: dates in milliseconds since 1970. Undefined for text.
 * @param whole whether there is nothing between a whole number and the next; dates are so anyway */
export function inclusiveRange(
  { lower, upper }: RangeMatch,
  { whole, nowMs }: { readonly whole: boolean; readonly nowMs: number },
): ScaleRange | undefined {
  const scales = [lower, upper].filter((bound) => bound !== undefined).map(({ value }) => scaleOf(value.type))
  const [scale] = scales
  if (scale === undefined || scales.some((one) => one !== scale)) return undefined
  const steps = whole || scale === 'date'
  const gte = lower === undefined ? null : firstOf(lower, { steps, nowMs })
  const lte = upper === undefined ? null : lastOf(upper, { steps, nowMs })
  const exact = steps || (lower?.inclusive !== false && upper?.inclusive !== false)
  return { scale, gte, lte, exact }
}

interface Steps {
  readonly steps: boolean
  readonly nowMs: number
}

function firstOf({ value, inclusive }: Bound, { steps, nowMs }: Steps): number {
  const at = pointOf(value, nowMs)
  if (!steps) return at
  return inclusive ? Math.ceil(at) : Math.floor(at) + 1
}

function lastOf({ value, inclusive }: Bound, { steps, nowMs }: Steps): number {
  const at = pointOf(value, nowMs)
  if (!steps) return at
  return inclusive ? Math.floor(at) : Math.ceil(at) - 1
}

function pointOf(value: Bound['value'], nowMs: number): number {
  if (value.type === 'number') return value.number
  if (value.type === 'text') return Number.NaN
  return value.type === 'date' ? value.ms : nowMs - value.ms
}

function scaleOf(type: Bound['value']['type']): 'number' | 'date' | undefined {
  if (type === 'number') return 'number'
  return type === 'text' ? undefined : 'date'
}

/** What is in both. */
export function inBoth<R extends InclusiveRange<number>>(a: R, b: InclusiveRange<number>): R {
  return { ...a, gte: outer(Math.max, a.gte, b.gte), lte: outer(Math.min, a.lte, b.lte) }
}

function outer(choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return choose(a, b)
}

const year1Ms = -62_135_596_800_000
const year9999Ms = 253_402_300_799_999

/** Dates as ISO-8601. Years that others cannot read become the first, or the last, that they can. */
export function isoRange({ gte, lte }: InclusiveRange<number>): InclusiveRange<string> {
  const iso = (ms: number): string => new Date(Math.min(Math.max(ms, year1Ms), year9999Ms)).toISOString()
  return { gte: gte === null ? null : iso(gte), lte: lte === null ? null : iso(lte) }
}
