// What a field's value says: sizes with units, dates and times, numbers, yes and no.
import type { Bound, FieldMatch, RangeMatch, RangeValue, Span } from './ast.js'
import { type FieldName, type FieldType, searchFields } from './fields.js'
import { unescapeWord, wordMatch } from './pattern.js'
import { syntaxError } from './syntax-error.js'
import type { RangeEnd } from './tokens.js'

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  ...Object.fromEntries(
    ['k', 'm', 'g', 't', 'p'].flatMap((letter, power) => [
      [letter, 1_000 ** (power + 1)],
      [`${letter}b`, 1_000 ** (power + 1)],
      [`${letter}ib`, 1_024 ** (power + 1)],
    ]),
  ),
}
const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}
const quantity = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)$/i
const day = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const instant = /^(?:\d{4}|[+-]\d{6})-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/i
const ago = /^(?:now-)?(\d+)([mhdwy])$/i

/** A value as a stretch of its scale: a day, a month and a year are long, a number is a point. */
interface Stretch {
  readonly from: RangeValue
  /** Absent: the point itself. */
  readonly to?: RangeValue
}

/** What `field:value` means.
 * @param raw the value as it was typed @throws {QuiltError} `invalid_input` when it is no value of this field */
export function valueMatch(field: FieldName, raw: string, span: Span): FieldMatch {
  const { type } = searchFields[field]
  if (/^\*+$/.test(raw)) return { by: 'exists' }
  if (type === 'boolean') return { by: 'boolean', value: booleanOf(field, raw, span) }
  if (type === 'text' || type === 'keyword' || type === 'metadata') {
    return wordMatch(field === 'ext' ? raw.replace(/^\.(?=.)/, '') : raw)
  }
  return within(stretchOf(field, unescapeWord(raw), span))
}

/** What `field:>value` and its like mean. */
export function comparisonMatch(
  field: FieldName,
  operator: string,
  { raw, span }: { raw: string; span: Span },
): FieldMatch {
  const { type } = searchFields[field]
  if (operator === '=') return valueMatch(field, raw, span)
  if (type === 'text' || type === 'keyword' || type === 'boolean') throw notComparable(field, span)
  const { from, to } = stretchOf(field, unescapeWord(raw), span)
  // After a day is behind its end; up to a day takes all of it.
  if (operator === '>') return { by: 'range', lower: { value: to ?? from, inclusive: to !== undefined } }
  if (operator === '>=') return { by: 'range', lower: { value: from, inclusive: true } }
  if (operator === '<') return { by: 'range', upper: { value: from, inclusive: false } }
  return { by: 'range', upper: { value: to ?? from, inclusive: to === undefined } }
}

/** What `field:[lower TO upper]` means. `*` leaves an end open. */
export function rangeMatch(
  field: FieldName,
  { lower: from, upper: to }: { readonly lower: RangeEnd; readonly upper: RangeEnd },
  span: Span,
): RangeMatch | { readonly by: 'exists' } {
  const { type } = searchFields[field]
  if (type === 'text' || type === 'boolean') throw notComparable(field, span)
  const lower = boundOf(field, from, { side: 'lower', span })
  const upper = boundOf(field, to, { side: 'upper', span })
  if (lower === undefined && upper === undefined) return { by: 'exists' }
  return { by: 'range', ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) }
}

/** What a word can mean where metadata is no text: a number, a day, month, year or instant, true or false. `2024` is two of them. */
export function metaReadings(text: string): readonly FieldMatch[] {
  const number = numberOf(text)
  const date = dateOf(text)
  return [
    ...(number === undefined ? [] : [within({ from: { type: 'number', number } })]),
    ...(date === undefined || date.from.type === 'ago' ? [] : [within(date)]),
    ...(/^(true|false)$/i.test(text) ? [{ by: 'boolean', value: /^true$/i.test(text) } as const] : []),
  ]
}

/** All of a stretch. */
function within({ from, to }: Stretch): RangeMatch {
  return {
    by: 'range',
    lower: { value: from, inclusive: true },
    upper: { value: to ?? from, inclusive: to === undefined },
  }
}

function boundOf(
  field: FieldName,
  { text, inclusive, isQuoted }: RangeEnd,
  { side, span }: { side: 'lower' | 'upper'; span: Span },
): Bound | undefined {
  if (text === '*' && !isQuoted) return undefined
  if (isQuoted && searchFields[field].type === 'metadata') return { value: { type: 'text', text }, inclusive }
  const { from, to } = stretchOf(field, text, span)
  if (to === undefined) return { value: from, inclusive }
  // The end of a stretch is the first moment that is not in it.
  if (side === 'lower') return inclusive ? { value: from, inclusive } : { value: to, inclusive: true }
  return inclusive ? { value: to, inclusive: false } : { value: from, inclusive: false }
}

function stretchOf(field: FieldName, text: string, span: Span): Stretch {
  const { type } = searchFields[field]
  const stretch = readers[type]?.(text) ?? (type === 'keyword' || type === 'metadata' ? asText(text) : undefined)
  if (stretch !== undefined) return stretch
  throw syntaxError({
    says: `${JSON.stringify(text)} is no ${expected[type] ?? 'value'} of ${field}`,
    fix: `Write for example ${searchFields[field].example}.`,
    span,
  })
}

const readers: { readonly [type in FieldType]?: (text: string) => Stretch | undefined } = {
  bytes: (text) => pointOf(bytesOf(text)),
  number: (text) => pointOf(numberOf(text)),
  date: dateOf,
  metadata: (text) => pointOf(numberOf(text)) ?? dateOf(text),
}
const asText = (text: string): Stretch => ({ from: { type: 'text', text } })
const expected: Readonly<Record<string, string>> = { bytes: 'size', number: 'number', date: 'date' }

const pointOf = (number: number | undefined): Stretch | undefined =>
  number === undefined ? undefined : { from: { type: 'number', number } }

function numberOf(text: string): number | undefined {
  const [, digits, unit] = quantity.exec(text) ?? []
  return digits === undefined || unit !== '' ? undefined : finite(Number(digits))
}

function bytesOf(text: string): number | undefined {
  const [, digits, unit = ''] = quantity.exec(text) ?? []
  const scale = unitBytes[unit.toLowerCase()]
  return digits === undefined || scale === undefined ? undefined : finite(Number(digits) * scale)
}

const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined)

function dateOf(text: string): Stretch | undefined {
  const [, year, month, date] = day.exec(text) ?? []
  if (year !== undefined) {
    const parts: [number, number, number] = [Number(year), Number(month ?? 1) - 1, Number(date ?? 1)]
    const from = utc(...parts)
    if (new Date(from).getUTCMonth() !== parts[1] || new Date(from).getUTCDate() !== parts[2]) return undefined
    const to =
      date !== undefined
        ? from + 86_400_000
        : month !== undefined
          ? utc(parts[0], parts[1] + 1, 1)
          : utc(parts[0] + 1, 0, 1)
    return { from: { type: 'date', ms: from }, to: { type: 'date', ms: to } }
  }
  const [, count, unit = ''] = ago.exec(text) ?? []
  if (count !== undefined) return { from: { type: 'ago', ms: Number(count) * (unitMs[unit.toLowerCase()] ?? 0) } }
  if (!instant.test(text)) return undefined
  const ms = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(ms) ? undefined : { from: { type: 'date', ms } }
}

/** Date.UTC takes the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, date: number): number {
  return new Date(0).setUTCFullYear(year, month, date)
}

function booleanOf(field: FieldName, raw: string, span: Span): boolean {
  if (/^(true|yes|1)$/i.test(raw)) return true
  if (/^(false|no|0)$/i.test(raw)) return false
  throw syntaxError({
    says: `${JSON.stringify(raw)} is neither true nor false`,
    fix: `Write ${field}:true or ${field}:false.`,
    span,
  })
}

function notComparable(field: FieldName, span: Span) {
  return syntaxError({
    says: `${field} has no order: it cannot be compared with < or >, or taken from one value to another`,
    fix: `Write ${field}:value, with * and ? for what may vary.`,
    span,
  })
}
