// The argument `filters`: fields with their values, each as a query of its own.
import { fieldFilter, type Query, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const bounds = z.strictObject({
  gte: scalar.optional(),
  gt: scalar.optional(),
  lte: scalar.optional(),
  lt: scalar.optional(),
})
const filterValue = z.union([scalar, z.array(scalar).min(1).max(200), bounds])
type FilterValue = z.output<typeof filterValue>

const operators = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const

/** One query a field: of a list any one has to fit, of bounds all.
 * @throws {QuiltError} `invalid_input` for a field that there is not or a value that is none of it */
export function filterQueries(filters: Readonly<Record<string, unknown>> = {}): readonly Query[] {
  return Object.entries(filters).flatMap(([field, given]) => {
    const parsed = filterValue.safeParse(given)
    if (!parsed.success) throw noValue(field)
    return queriesOf(field, parsed.data)
  })
}

function queriesOf(field: string, value: FilterValue): readonly Query[] {
  if (typeof value !== 'object') return [fieldFilter(field, String(value))]
  if (Array.isArray(value)) return [anyOf(value.map((one) => fieldFilter(field, String(one))))]
  const found = Object.entries(operators).flatMap(([name, operator]) => {
    const bound = Object.entries(value).find(([given]) => given === name)?.[1]
    return bound === undefined ? [] : [fieldFilter(field, `${operator}${bound}`)]
  })
  if (found.length === 0) throw noValue(field)
  return found
}

function anyOf(queries: readonly Query[]): Query {
  const [first, second] = queries
  if (first !== undefined && second === undefined) return first
  return { kind: 'or', operands: queries, span: { from: 0, end: 0 } }
}

const noValue = (field: string): QuiltError =>
  new QuiltError('invalid_input', `the filter ${field.slice(0, 100)} has no value that could be looked for`, {
    hint: 'Give a value ("csv", ">10MB", "[1 TO 5]"), a list of values of which one has to fit, or {"gte": ..., "lte": ...}.',
    details: { argument: `filters.${field.slice(0, 100)}` },
  })
