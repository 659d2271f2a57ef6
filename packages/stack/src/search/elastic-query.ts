// Queries in Elasticsearch's own JSON (its query DSL), as far as clients of a registry send them, read as queries of ours.
import {
  allOf,
  type FieldMatch,
  fieldFilter,
  fieldOf,
  parseQuery,
  type Query,
  QuiltError,
  type RangeMatch,
  wordMatch,
} from '@quilt-mcp/core'
import { z } from 'zod'

const span = { from: 0, end: 0 }
const scalar = z.union([z.string(), z.number(), z.boolean()])
const clause = z.record(z.string(), z.unknown()).refine((one) => Object.keys(one).length === 1)
const clauses = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])])
const bool = z.strictObject({
  must: clauses.optional(),
  filter: clauses.optional(),
  should: clauses.optional(),
  must_not: clauses.optional(),
  minimum_should_match: z.literal(1).optional(),
})
const bounds = z.strictObject({
  gt: scalar.optional(),
  gte: scalar.optional(),
  lt: scalar.optional(),
  lte: scalar.optional(),
  format: z.string().optional(),
})
const queryString = z.looseObject({ query: z.string(), default_operator: z.string().optional() })

/** Reads a query: `match_all`, `query_string`, `bool`, `exists`, `term`, `terms`, `match`, `match_phrase`, `wildcard`, `prefix`, `range`.
 * Words are joined by AND, as everywhere in a registry's search (formats.md 6.3).
 * @throws {QuiltError} `invalid_input` that names what cannot be read */
export function elasticQuery(dsl: unknown, depth = 0): Query {
  if (depth > 20) throw unreadable('it is nested deeper than 20 levels')
  const parsed = clause.safeParse(dsl)
  const [entry] = Object.entries(parsed.data ?? {})
  if (entry === undefined) throw unreadable('a query is an object with the name of its kind as its only member')
  const [kind, body] = entry
  switch (kind) {
    case 'match_all':
      return { kind: 'all', span }
    case 'query_string':
    case 'simple_query_string': {
      const { query, default_operator = 'AND' } = read(queryString, body, kind)
      if (default_operator.toUpperCase() !== 'AND')
        throw unreadable(`default_operator is AND here, not ${default_operator}`)
      return parseQuery(query)
    }
    case 'bool':
      return boolQuery(read(bool, body, kind), depth + 1)
    case 'exists':
      return onField(read(z.object({ field: z.string() }), body, kind).field, { by: 'exists' })
    case 'terms':
      return ofOne(kind, body, (field, values) =>
        anyOf(read(z.array(scalar), values, kind).map((value) => whole(field, value))),
      )
    case 'term':
    case 'match':
    case 'match_phrase':
      return ofOne(kind, body, (field, value) => whole(field, read(valueOr('value', 'query'), value, kind)))
    case 'wildcard':
      return ofOne(kind, body, (field, value) =>
        onField(field, wordMatch(String(read(valueOr('value', 'wildcard'), value, kind)))),
      )
    case 'prefix':
      return ofOne(kind, body, (field, value) => {
        const text = String(read(valueOr('value'), value, kind))
        return onField(field, { by: 'wildcard', pattern: [text, { any: 'many' }] })
      })
    case 'range':
      return ofOne(kind, body, (field, value) => rangeQuery(field, read(bounds, value, kind)))
    default:
      throw unreadable(`there is no ${kind} here`)
  }
}

function boolQuery(
  { must = [], filter = [], should = [], must_not = [] }: z.output<typeof bool>,
  depth: number,
): Query {
  const read = (one: unknown): Query => elasticQuery(one, depth)
  const required = [...must, ...filter].map(read)
  // Beside what is required, `should` only makes something better.
  const either = required.length === 0 && should.length > 0 ? [anyOf(should.map(read))] : []
  const not = must_not.map((one): Query => ({ kind: 'not', operand: read(one), span }))
  return allOf([...required, ...either, ...not])
}

/** The body of a query about one field. */
function ofOne(kind: string, body: unknown, query: (field: string, value: unknown) => Query): Query {
  const [entry] = Object.entries(read(clause, body, kind))
  if (entry === undefined) throw unreadable(`${kind} names no field`)
  return query(...entry)
}

/** A value as it stands, or as a member of an object. */
const valueOr = (...names: readonly string[]) =>
  z.union([
    scalar,
    z.record(z.string(), z.unknown()).transform((object, context) => {
      const value = names.map((name) => object[name]).find((one) => scalar.safeParse(one).success)
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
      context.addIssue({ code: 'custom', message: `has no ${names.join(' or ')}` })
      return z.NEVER
    }),
  ])

/** All of a value: what is a number, a date or true is read as one where the field has such. */
function whole(field: string, value: z.output<typeof scalar>): Query {
  return fieldFilter(knownField(field), JSON.stringify(String(value)))
}

function rangeQuery(field: string, { gt, gte, lt, lte }: z.output<typeof bounds>): Query {
  const bound = (operator: string, value: z.output<typeof scalar> | undefined): readonly Query[] =>
    value === undefined ? [] : [fieldFilter(knownField(field), `${operator}${JSON.stringify(String(value))}`)]
  return allOf([...bound('>', gt), ...bound('>=', gte), ...bound('<', lt), ...bound('<=', lte)])
}

function onField(field: string, match: Exclude<FieldMatch, RangeMatch>): Query {
  return { kind: 'field', field: fieldOf(knownField(field)) ?? 'key', match, span }
}

/** The name of a field without what says how it is stored. */
function knownField(field: string): string {
  const name = field.replace(/\.(?:keyword|text)$/, '')
  if (fieldOf(name) !== undefined) return name
  throw unreadable(`there is no field ${field}`)
}

function anyOf(operands: readonly Query[]): Query {
  const [only, second] = operands
  if (only === undefined) return { kind: 'not', operand: { kind: 'all', span }, span }
  return second === undefined ? only : { kind: 'or', operands, span }
}

function read<T>(schema: z.ZodType<T>, value: unknown, kind: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(`${[kind, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'it has another form'}`)
}

const unreadable = (why: string): QuiltError =>
  new QuiltError('invalid_input', `the query cannot be read: ${why}`, {
    hint: 'Send match_all, query_string, bool, exists, term, terms, match, match_phrase, wildcard, prefix or range on the fields of the index.',
  })
