// The value behind a field's colon: a word, a phrase, a comparison, a range.
import type { FieldMatch } from './ast.js'
import { type FieldName, searchFields } from './fields.js'
import { escapeWord } from './pattern.js'
import { syntaxError } from './syntax-error.js'
import type { Token, TokenReader } from './tokens.js'
import { comparisonMatch, rangeMatch, valueMatch } from './values.js'

/** A field as a query names it. */
export type FieldToken = Extract<Token, { kind: 'field' }>

/** What a field's value means. @param value its first token; a comparison takes the next one too */
export function fieldMatch(field: FieldName, value: Token, tokens: TokenReader): FieldMatch {
  switch (value.kind) {
    case 'word':
      return valueMatch(field, value.raw, value.span)
    case 'phrase':
      return phraseMatch(field, value)
    case 'range':
      return rangeMatch(field, value, value.span)
    case 'compare': {
      const operand = tokens.peek()
      if (operand.span.from !== value.span.end || (operand.kind !== 'word' && operand.kind !== 'phrase')) {
        throw syntaxError({
          says: `${value.operator} has no value behind it`,
          fix: `Write the value directly behind it: ${searchFields[field].example}.`,
          span: value.span,
        })
      }
      tokens.next()
      const raw = operand.kind === 'word' ? operand.raw : escapeWord(operand.text)
      return comparisonMatch(field, value.operator, { raw, span: operand.span })
    }
    default:
      throw syntaxError({
        says: `${field} has no value behind it`,
        fix: `Write for example ${searchFields[field].example}.`,
        span: value.span,
      })
  }
}

/** Quotation marks keep words together; around a number or a date they change nothing. */
function phraseMatch(field: FieldName, { text, span }: Extract<Token, { kind: 'phrase' }>): FieldMatch {
  const { type } = searchFields[field]
  if (type === 'text' || type === 'keyword' || type === 'metadata') return { by: 'phrase', text }
  return valueMatch(field, escapeWord(text), span)
}
