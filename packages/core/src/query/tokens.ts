// Cuts a query into tokens. A field's name with its colon is one token; what follows it is its value.
import { nearNames } from '../near-names.js'
import type { Span } from './ast.js'
import { type FieldName, fieldOf, fieldWords } from './fields.js'
import { unescapeWord } from './pattern.js'
import { syntaxError } from './syntax-error.js'

export type Token =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end'; readonly span: Span }
  | { readonly kind: 'word'; readonly raw: string; readonly span: Span }
  | { readonly kind: 'phrase'; readonly text: string; readonly span: Span }
  /** `>`, `<`, `>=`, `<=` or `=` at the start of a field's value. */
  | { readonly kind: 'compare'; readonly operator: string; readonly span: Span }
  /** `[1 TO 5}`: square includes the bound, curly does not. */
  | { readonly kind: 'range'; readonly lower: RangeEnd; readonly upper: RangeEnd; readonly span: Span }
  | { readonly kind: 'field'; readonly field: FieldName; readonly path?: string; readonly span: Span }

/** Gives the tokens of a query one after the other; behind the last one `end` for ever. */
export interface TokenReader {
  peek(): Token
  next(): Token
  /** The token that was taken last. Undefined before the first. */
  last(): Token | undefined
}

/** Reads a query's tokens. @throws {QuiltError} `invalid_input` that says where and what to write instead */
export function tokenReader(query: string): TokenReader {
  const tokens = tokensOf(query)
  const end: Token = { kind: 'end', span: { from: query.length, end: query.length } }
  let at = 0
  const peek = (): Token => tokens[at] ?? end
  return {
    peek,
    next() {
      const token = peek()
      at++
      return token
    },
    last: () => tokens[at - 1],
  }
}

/** One end of a range. */
export interface RangeEnd {
  readonly text: string
  readonly inclusive: boolean
  /** Whether it stood in quotation marks: then `*` is a character, and a number in metadata is text. */
  readonly isQuoted: boolean
}

const word = /(?:\\[\s\S]|[^\s()"\\])+/y
const blank = /\s+/y
const phrase = /"((?:\\[\s\S]|[^"\\])*)"/y
const operator = /(?:AND|OR|NOT)(?=[\s()"]|$)|&&|\|\||[-!](?=\S)|\+(?=\S)/y
const compare = />=|<=|>|<|=/y
const range =
  /([[{])\s*((?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|[^\s\]}"\\])+)\s+TO\s+((?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|[^\s\]}"\\])+)\s*([\]}])/y
const fieldName = /([A-Za-z_][A-Za-z0-9_]*)(?=[:./])/y
const existsTerm = /_exists_:([A-Za-z_][A-Za-z0-9_.]*)(?=[\s()]|$)/y
/** Fields of the registry's that hold the words of names and keys: words are looked up there anyway. */
const anyWords = /(?:ptr_name\.text|entry_lk\.text|entry_pk\.text|key_text):(?=[^\s):])/y
const dottedField = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+(?=:)/y
const metadataPath = /[./](?:"((?:\\[\s\S]|[^"\\])*)"|((?:\\[\s\S]|[^\s"():\\])*))(?=:)/y

function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    return pattern.exec(query) ?? undefined
  }
  const push = <T extends Token>(token: T): void => {
    tokens.push(token)
    at = token.span.end
  }
  const spanOf = (length: number): Span => ({ from: at, end: at + length })
  const isValue = (): boolean => tokens.at(-1)?.kind === 'field' && tokens.at(-1)?.span.end === at

  const takePhrase = (): void => {
    const found = take(phrase)
    if (found === undefined) {
      throw syntaxError({
        says: 'the quotation mark is not closed',
        fix: 'Close it, or write \\" for the character itself.',
        span: { from: at, end: query.length },
        suggestion: `${query}"`,
      })
    }
    push({ kind: 'phrase', text: unescapeWord(found[1] ?? ''), span: spanOf(found[0].length) })
  }
  const takeRange = (): void => {
    const found = take(range)
    if (found === undefined) {
      throw syntaxError({
        says: 'this is not a range',
        fix: 'Write [from TO to], with * for an open end; { } leave the bounds out. Put \\ before a bracket that is meant as itself.',
        span: spanOf(1),
      })
    }
    push({ kind: 'range', ...rangeEnds(found), span: spanOf(found[0].length) })
  }
  const takeValue = (): boolean => {
    const found = take(compare)
    if (found !== undefined) {
      push({ kind: 'compare', operator: found[0], span: spanOf(found[0].length) })
      return true
    }
    if (query[at] !== '[' && query[at] !== '{') return false
    takeRange()
    return true
  }
  /** A known field with its colon; undefined when no field is named here. */
  const takeField = (): boolean => {
    if (takeIndexField()) return true
    const found = take(fieldName)
    if (found === undefined) return false
    const name = found[0]
    const field = fieldOf(name)
    const from = at
    at += name.length
    const pointer = field === 'meta' ? take(metadataPath) : undefined
    at = from
    const length = name.length + (pointer?.[0].length ?? 0)
    if (query[from + length] !== ':') return false
    if (field === undefined) {
      // A URL is text; so is whatever else has a slash behind its colon.
      if (query[from + length + 1] === '/') return false
      throw unknownField(query, name, from)
    }
    const path = pointer === undefined ? undefined : metaPointer(unescapeWord(pointer[1] ?? pointer[2] ?? ''))
    push({ kind: 'field', field, ...(path === undefined ? {} : { path }), span: spanOf(length + 1) })
    return true
  }
  /** What the registry's own engine writes otherwise (formats.md 6.3): any value of a field, and names with dots. */
  const takeIndexField = (): boolean => {
    const [exists, existing = ''] = take(existsTerm) ?? []
    const known = fieldOf(existing)
    if (exists !== undefined && known !== undefined) {
      push({ kind: 'field', field: known, span: spanOf(exists.length) })
      push({ kind: 'word', raw: '*', span: spanOf(0) })
      return true
    }
    const [dotted] = take(dottedField) ?? []
    const field = dotted === undefined ? undefined : fieldOf(dotted)
    if (dotted === undefined || field === undefined) return false
    push({ kind: 'field', field, span: spanOf(dotted.length + 1) })
    return true
  }
  const takeWord = (): void => {
    const found = take(word)
    // Only a backslash at the very end is no word.
    const raw = found?.[0] ?? '\\\\'
    push({ kind: 'word', raw, span: spanOf(found?.[0].length ?? 1) })
  }

  const takeOperator = (): boolean => {
    const found = take(operator)?.[0]
    if (found === undefined) return false
    // What is required is the rule here, so a plus says nothing new.
    if (found === '+') at += 1
    else push({ kind: operatorKinds[found] ?? 'and', span: spanOf(found.length) })
    return true
  }

  /** The name of a field that is looked up anyway: what follows stands for itself. */
  const takeAnyWords = (): boolean => {
    const name = take(anyWords)?.[0] ?? ''
    at += name.length
    return name !== ''
  }

  while (at < query.length) {
    const gap = take(blank)
    if (gap !== undefined) at += gap[0].length
    if (at >= query.length) break
    const character = query[at]
    if (isValue() && takeValue()) continue
    if (character === '"') takePhrase()
    else if (character === '(') push({ kind: 'open', span: spanOf(1) })
    else if (character === ')') push({ kind: 'close', span: spanOf(1) })
    else if (isValue() || tokens.at(-1)?.kind === 'compare') takeWord()
    else if (!takeAnyWords() && !takeOperator() && !takeField()) takeWord()
  }
  return tokens
}

const operatorKinds: Readonly<Record<string, 'and' | 'or' | 'not'>> = {
  AND: 'and',
  '&&': 'and',
  OR: 'or',
  '||': 'or',
  NOT: 'not',
  '-': 'not',
  '!': 'not',
}

function rangeEnd(raw: string, inclusive: boolean): RangeEnd {
  const isQuoted = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"')
  return { text: unescapeWord(isQuoted ? raw.slice(1, -1) : raw), inclusive, isQuoted }
}

interface RangeEnds {
  readonly lower: RangeEnd
  readonly upper: RangeEnd
}

function rangeEnds([, opening, lower = '', upper = '', closing]: RegExpExecArray): RangeEnds {
  return { lower: rangeEnd(lower, opening === '['), upper: rangeEnd(upper, closing === ']') }
}

/** The ends of a text that is a range, as `[1 TO 5}`. Undefined: it is none. */
export function readRange(text: string): RangeEnds | undefined {
  range.lastIndex = 0
  const found = range.exec(text)
  return found === null || found[0].length < text.length ? undefined : rangeEnds(found)
}

/** The JSON pointer of a place in metadata: `a.b` and `/a/b` are the same one. */
export function metaPointer(text: string): string {
  const pointer = text === '' || text.startsWith('/') ? text : `/${text.split('.').join('/')}`
  // A tilde that escapes nothing is itself.
  return pointer.replace(/~(?![01])/g, '~0')
}

function unknownField(query: string, name: string, from: number) {
  const [near] = nearNames(name, fieldWords, 1)
  const rest = /^:(?:\\[\s\S]|[^\s()"\\])*/.exec(query.slice(from + name.length))?.[0] ?? ':'
  const whole = `${name}${rest}`
  const replaced = (by: string): string => `${query.slice(0, from)}${by}${query.slice(from + whole.length)}`
  return syntaxError({
    says: `there is no field ${name}`,
    fix: `${near === undefined ? '' : `Did you mean ${near}? `}For metadata write meta./${name}${rest}, for the text itself "${whole}" in quotation marks.`,
    span: { from, end: from + name.length },
    suggestion: near === undefined ? replaced(`"${whole}"`) : replaced(`${near}${rest}`),
  })
}
