// Reads a search: words and fields joined by AND (or nothing), OR, NOT and parentheses.
import type { Query, Span } from './ast.js'
import { type FieldToken, fieldMatch } from './field-term.js'
import { wordMatch } from './pattern.js'
import { syntaxError } from './syntax-error.js'
import { mostTerms } from './term-count.js'
import { type Token, type TokenReader, tokenReader } from './tokens.js'

const maxLength = 4_000
const maxDepth = 50

/**
 * Reads a query. Nothing in it is left out or guessed: what cannot be read is an error that says where, and what to write.
 * NOT binds closest, then AND (also where nothing stands between two terms), then OR. An empty query is all there is.
 * @param text at most 4,000 characters, 500 terms, 50 levels of parentheses and NOT
 * @throws {QuiltError} `invalid_input`; `details` has `from`, `end` and, where it is clear, `suggestion`
 */
export function parseQuery(text: string): Query {
  if (text.length > maxLength) {
    throw syntaxError({
      says: `it has ${text.length} characters`,
      fix: `Ask in at most ${maxLength} characters; search more than once for a long list.`,
      span: { from: maxLength, end: text.length },
    })
  }
  const tokens = tokenReader(text)
  if (tokens.peek().kind === 'end') return { kind: 'all', span: { from: 0, end: text.length } }
  const query = either({ text, tokens, terms: 0 }, { depth: 0 })
  const { kind, span } = tokens.peek()
  if (kind !== 'end') throw closesNothing(text, span)
  return query
}

interface Reading {
  readonly text: string
  readonly tokens: TokenReader
  terms: number
}

/** Where in the query a term stands. */
interface Place {
  readonly depth: number
  /** Of the terms in `field:( ... )`. */
  readonly field?: FieldToken
}

const either = (reading: Reading, place: Place): Query => joined('or', reading, { place, operand: both })
const both = (reading: Reading, place: Place): Query => joined('and', reading, { place, operand: negated })

interface Joining {
  readonly place: Place
  readonly operand: (reading: Reading, place: Place) => Query
}

function joined(kind: 'and' | 'or', reading: Reading, { place, operand }: Joining): Query {
  const { tokens } = reading
  const first = operand(reading, place)
  const operands = [first]
  let last = first
  for (;;) {
    const ahead = tokens.peek().kind
    if (ahead === kind) tokens.next()
    else if (kind === 'or' || ahead === 'or' || ahead === 'close' || ahead === 'end') break
    last = operand(reading, place)
    operands.push(last)
  }
  if (last === first) return first
  // `a AND (b AND c)` is one list.
  const flat = operands.flatMap((one) => (one.kind === kind ? one.operands : [one]))
  return { kind, operands: flat, span: { from: first.span.from, end: last.span.end } }
}

function negated(reading: Reading, place: Place): Query {
  const { kind, span } = reading.tokens.peek()
  if (kind !== 'not') return term(reading, place)
  reading.tokens.next()
  const operand = negated(reading, deeper(place, span))
  // Twice no is yes.
  if (operand.kind === 'not') return operand.operand
  return { kind: 'not', operand, span: { from: span.from, end: operand.span.end } }
}

function term(reading: Reading, place: Place): Query {
  const { text, tokens } = reading
  const before = tokens.last()
  const token = tokens.next()
  const { span } = token
  if (++reading.terms > mostTerms) {
    throw syntaxError({ says: `it has more than ${mostTerms} terms`, fix: 'Search more than once.', span })
  }
  switch (token.kind) {
    case 'open':
      return group(reading, deeper(place, span), span)
    case 'word':
    case 'phrase':
      if (place.field !== undefined) return fieldQuery(reading, { field: place.field, value: token })
      if (token.kind === 'phrase') return { kind: 'text', match: { by: 'phrase', text: token.text }, span }
      return /^\*+(?::\*+)?$/.test(token.raw)
        ? { kind: 'all', span }
        : { kind: 'text', match: wordMatch(token.raw), span }
    case 'field':
      return fieldTerm(reading, token, place)
    case 'close':
      if (before === undefined || before.kind === 'close') throw closesNothing(text, span)
      throw missingTerm(text, before)
    default:
      throw missingTerm(text, before ?? token)
  }
}

function fieldTerm(reading: Reading, field: FieldToken, place: Place): Query {
  const { text, tokens } = reading
  if (place.field !== undefined) {
    throw syntaxError({
      says: 'a field inside the parentheses of another',
      fix: 'Close the parentheses before it.',
      span: field.span,
    })
  }
  const value = tokens.peek()
  if (value.span.from !== field.span.end || value.kind === 'end' || value.kind === 'close') {
    const written = text.slice(field.span.from, field.span.end)
    const isApart = value.kind === 'word' || value.kind === 'phrase'
    throw syntaxError({
      says: `${written} has no value behind it`,
      fix: isApart ? 'Write the value directly behind the colon.' : `Write ${written}value, or ${written}* for any.`,
      span: field.span,
      suggestion: isApart ? `${text.slice(0, field.span.end)}${text.slice(value.span.from)}` : undefined,
    })
  }
  tokens.next()
  if (value.kind === 'open') return group(reading, { ...deeper(place, value.span), field }, value.span)
  return fieldQuery(reading, { field, value, from: field.span.from })
}

interface FieldTerm {
  readonly field: FieldToken
  readonly value: Token
  /** Where the term begins. Default: with its value. */
  readonly from?: number
}

function fieldQuery({ tokens }: Reading, { field: { field, path }, value, from = value.span.from }: FieldTerm): Query {
  const match = fieldMatch(field, value, tokens)
  const end = tokens.last()?.span.end ?? value.span.end
  return { kind: 'field', field, ...(path === undefined ? {} : { path }), match, span: { from, end } }
}

function group(reading: Reading, place: Place, span: Span): Query {
  const { text, tokens } = reading
  if (tokens.peek().kind === 'close') {
    throw syntaxError({
      says: 'there is nothing between the parentheses',
      fix: 'Remove them, or put a term between them.',
      span: { from: span.from, end: tokens.peek().span.end },
    })
  }
  const query = either(reading, place)
  if (tokens.next().kind === 'close') return query
  throw syntaxError({
    says: 'this parenthesis is not closed',
    fix: 'Close it, or write \\( for the character itself.',
    span,
    suggestion: `${text.trimEnd()})`,
  })
}

function deeper(place: Place, span: Span): Place {
  if (place.depth < maxDepth) return { ...place, depth: place.depth + 1 }
  throw syntaxError({
    says: `it is nested deeper than ${maxDepth} levels`,
    fix: 'Leave out parentheses and NOTs that are not needed.',
    span,
  })
}

function closesNothing(text: string, span: Span) {
  const without = `${text.slice(0, span.from)}${text.slice(span.end)}`.trim()
  return syntaxError({
    says: 'this parenthesis closes nothing',
    fix: 'Remove it, or write \\) for the character itself.',
    span,
    suggestion: without === '' ? undefined : without,
  })
}

function missingTerm(text: string, { span }: Token) {
  const word = text.slice(span.from, span.end)
  return syntaxError({
    says: `${word} has a term missing beside it`,
    fix: `Put a term there, or "${word}" in quotation marks for the word itself.`,
    span,
  })
}
