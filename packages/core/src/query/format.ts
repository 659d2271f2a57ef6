// Writes a search back as text that means the same.
import type { Bound, FieldQuery, Query, RangeMatch, RangeValue, TextMatch } from './ast.js'
import { escapeWord, formatPattern } from './pattern.js'

/** The query as text: `parseQuery` reads the same from it. */
export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*'
    case 'text':
      return formatText(query.match)
    case 'field':
      return formatField(query)
    case 'not':
      return `NOT ${inGroup(query.operand, ['and', 'or'])}`
    case 'and':
      return query.operands.map((operand) => inGroup(operand, ['or'])).join(' AND ')
    case 'or':
      return query.operands.map(formatQuery).join(' OR ')
  }
}

function inGroup(query: Query, kinds: readonly Query['kind'][]): string {
  return kinds.includes(query.kind) ? `(${formatQuery(query)})` : formatQuery(query)
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

function formatText(match: TextMatch): string {
  if (match.by === 'phrase') return quoted(match.text)
  return match.by === 'word' ? escapeWord(match.text) : formatPattern(match.pattern)
}

function formatField({ field, path, match }: FieldQuery): string {
  const name = `${field}${path === undefined ? '' : `.${quoted(path)}`}:`
  switch (match.by) {
    case 'exists':
      return `${name}*`
    case 'boolean':
      return `${name}${match.value}`
    case 'range':
      return `${name}${formatRange(match)}`
    default:
      return `${name}${formatText(match)}`
  }
}

function formatRange({ lower, upper }: RangeMatch): string {
  const opening = lower?.inclusive === false ? '{' : '['
  const closing = upper?.inclusive === false ? '}' : ']'
  return `${opening}${formatBound(lower)} TO ${formatBound(upper)}${closing}`
}

function formatBound(bound: Bound | undefined): string {
  return bound === undefined ? '*' : formatValue(bound.value)
}

/** Instants in full: a day alone would be a whole day again. */
function formatValue(value: RangeValue): string {
  switch (value.type) {
    case 'number':
      return String(value.number)
    case 'date':
      return new Date(value.ms).toISOString()
    case 'ago':
      return `now-${value.ms / 60_000}m`
    case 'text':
      return quoted(value.text)
  }
}
