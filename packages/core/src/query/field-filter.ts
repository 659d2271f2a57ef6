// Filters that come beside a query, as pairs of a field and a value; and several queries as one.
import { QuiltError } from '../errors.js'
import { nearNames } from '../near-names.js'
import type { FieldMatch, Query } from './ast.js'
import { type FieldName, fieldOf, fieldWords, searchFields } from './fields.js'
import { escapeWord, unescapeWord } from './pattern.js'
import { metaPointer, readRange } from './tokens.js'
import { comparisonMatch, rangeMatch, valueMatch } from './values.js'

const fieldWithPath = /^([A-Za-z_][A-Za-z0-9_]*)(?:[./]"([\s\S]*)"|[./]([\s\S]*))?$/
const span = { from: 0, end: 0 }

/**
 * One field with its value, as a query would have it, but that blanks, parentheses and operators in the value are text.
 * @param field a name or alias; `meta./a/b` and `meta.a.b` are places in the user metadata
 * @param value what would stand behind the colon: `>10MB`, `[a TO b]`, `raw/*`, `2025`, `"a*b"`
 * @throws {QuiltError} `invalid_input` for a field that there is not, or a value that is none of it
 */
export function fieldFilter(field: string, value: string): Query {
  const [, word = '', quotedPath, plainPath] = fieldWithPath.exec(field) ?? []
  const path = quotedPath ?? plainPath
  const name = fieldOf(word)
  if (name === undefined || (path !== undefined && name !== 'meta')) throw unknownField(field)
  if (value.trim() === '') throw noValue(field, name)
  const match = matchOf(name, field, value)
  return { kind: 'field', field: name, ...(path === undefined ? {} : { path: metaPointer(path) }), match, span }
}

/** What is found by all of several queries. None: everything. */
export function allOf(queries: readonly Query[]): Query {
  const operands = queries.flatMap((query) => {
    if (query.kind === 'all') return []
    return query.kind === 'and' ? query.operands : [query]
  })
  const [first, second] = operands
  if (first === undefined) return { kind: 'all', span }
  return second === undefined ? first : { kind: 'and', operands, span }
}

function matchOf(name: FieldName, field: string, value: string): FieldMatch {
  try {
    return readValue(name, value)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    const says = error.message.replace(/^the query, character \d+: /, '')
    throw new QuiltError('invalid_input', `the filter ${field}: ${says}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: { field, value },
      cause: error,
    })
  }
}

function readValue(name: FieldName, value: string): FieldMatch {
  const { type } = searchFields[name]
  const isText = type === 'text' || type === 'keyword' || type === 'metadata'
  const [, operator, operand = ''] = /^\s*(>=|<=|>|<|=)\s*([\s\S]+)$/.exec(value) ?? []
  if (operator !== undefined) return comparisonMatch(name, operator, { raw: unquoted(operand.trim()), span })
  const range = readRange(value.trim())
  if (range !== undefined) return rangeMatch(name, range, span)
  const quoted = quotedText(value.trim())
  if (isText) return quoted === undefined ? valueMatch(name, value, span) : { by: 'phrase', text: quoted }
  return valueMatch(name, unquoted(value.trim()), span)
}

function quotedText(value: string): string | undefined {
  const inside = /^"((?:\\[\s\S]|[^"\\])*)"$/.exec(value)?.[1]
  return inside === undefined ? undefined : unescapeWord(inside)
}

/** A raw word of what may stand in quotation marks. */
function unquoted(value: string): string {
  const inside = quotedText(value)
  return inside === undefined ? value : escapeWord(inside)
}

function unknownField(field: string): QuiltError {
  const near = nearNames(field, fieldWords, 3)
  return new QuiltError('invalid_input', `there is no field ${field}`, {
    hint: `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}Fields: ${Object.keys(searchFields).join(', ')}; user metadata is meta./path.`,
    details: { field, near },
  })
}

function noValue(field: string, name: FieldName): QuiltError {
  return new QuiltError('invalid_input', `the filter ${field} has no value`, {
    hint: `Write for example ${searchFields[name].example}, or * for any value.`,
    details: { field },
  })
}
