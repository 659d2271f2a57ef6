// Documents that would take long to check, or more stack than there is, are refused by their words alone.
import { GraphQLError, Lexer, Source, TokenKind } from 'graphql'

/** The longest documents of real clients have some 500 words and signs; checking one takes their number squared. */
const mostTokens = 2_000
/** Brackets within brackets. */
const deepest = 100

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/** @throws {GraphQLError} answered with 400, when a document is too long or too deep, or has characters that GraphQL has not */
export function checkDocument(text: string): void {
  const lexer = new Lexer(new Source(text))
  let depth = 0
  for (let tokens = 1; lexer.advance().kind !== TokenKind.EOF; tokens += 1) {
    const { kind } = lexer.token
    if (opening.has(kind)) depth += 1
    else if (closing.has(kind)) depth -= 1
    if (tokens > mostTokens) throw refused(`The query has more than ${mostTokens} words and signs`)
    if (depth > deepest) throw refused(`The query is nested deeper than ${deepest} levels`)
  }
}

const refused = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } })
