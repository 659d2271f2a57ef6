// Reads the query strings that are sent, and says what they find, as Elasticsearch has it: AND, OR, NOT, groups, fields, phrases, patterns,
// ranges. Slow and plain; case does not count.
import { isWordPattern, type PatternPart, searchWords } from '@quilt-mcp/core'

/** What a field of the index holds. */
export type FieldValues =
  | { readonly kind: 'keyword'; readonly values: readonly string[] }
  | { readonly kind: 'words'; readonly values: readonly string[] }
  | { readonly kind: 'number' | 'date'; readonly values: readonly number[] }

export interface IndexDocument {
  /** Undefined: the index has no such field. */
  field(name: string): FieldValues | undefined
  /** Where words without a field look. */
  readonly all: readonly string[]
}

const token =
  /\s*(\(|\)|AND\b|OR\b|NOT\b|(?:(\*:\*)|(?:([a-z_.]+):)?(?:"((?:\\.|[^"\\])*)"|\[("[^"]*"|\S+) TO ("[^"]*"|[^\]]+)\]|((?:\\[\s\S]|[^\s()"\\])+))))/guy

type Node = (document: IndexDocument) => boolean

/** What a query string means. @throws when it is not one */
export function readQueryString(text: string): Node {
  const tokens = [...text.matchAll(token)]
  if (tokens.map(([whole]) => whole).join('') !== text) throw new Error(`not a query string: ${text}`)
  let at = 0
  const peek = (): string | undefined => tokens[at]?.[1]
  const either = (): Node => {
    const nodes = [both()]
    while (peek() === 'OR') {
      at += 1
      nodes.push(both())
    }
    return (document) => nodes.some((node) => node(document))
  }
  const both = (): Node => {
    const nodes = [unary()]
    while (peek() === 'AND') {
      at += 1
      nodes.push(unary())
    }
    return (document) => nodes.every((node) => node(document))
  }
  const unary = (): Node => {
    const taken = tokens[at]
    at += 1
    if (taken?.[1] === 'NOT') {
      const node = unary()
      return (document) => !node(document)
    }
    if (taken?.[1] === '(') {
      const node = either()
      if (peek() !== ')') throw new Error(`a group is open: ${text}`)
      at += 1
      return node
    }
    if (taken === undefined || /^(?:\)|AND|OR)$/.test(taken[1] ?? '')) throw new Error(`a term is missing: ${text}`)
    return termOf(taken)
  }
  const whole = either()
  if (at < tokens.length) throw new Error(`something is left: ${text}`)
  return whole
}

function termOf([, , everything, field, phrase, lower, upper, bare]: RegExpExecArray): Node {
  if (everything !== undefined) return () => true
  if (field === '_exists_') return (document) => (document.field(bare ?? '')?.values.length ?? 0) > 0
  const within = (document: IndexDocument): FieldValues =>
    (field === undefined ? undefined : document.field(field)) ?? {
      kind: 'words',
      values: field === undefined ? document.all : [],
    }
  if (lower !== undefined && upper !== undefined) {
    return (document) => {
      const { kind, values } = within(document)
      const [from, to] = [lower, upper].map((bound) => boundOf(bound, kind))
      return values.some((value) => Number(value) >= (from ?? -Infinity) && Number(value) <= (to ?? Infinity))
    }
  }
  if (phrase !== undefined) {
    const text = phrase.replace(/\\(.)/g, '$1')
    return (document) => holds(within(document), text)
  }
  return (document) => fits(within(document), bare ?? '')
}

function boundOf(bound: string, kind: FieldValues['kind']): number | undefined {
  if (bound === '*') return undefined
  const text = bound.replaceAll('"', '')
  return kind === 'date' ? Date.parse(text) : Number(text)
}

function holds({ kind, values }: FieldValues, text: string): boolean {
  if (kind === 'keyword') return values.some((value) => String(value).toLowerCase() === text.toLowerCase())
  const wanted = searchWords(text).join(' ')
  return wanted !== '' && values.some((value) => ` ${searchWords(String(value)).join(' ')} `.includes(` ${wanted} `))
}

function fits({ kind, values }: FieldValues, raw: string): boolean {
  const pattern = new RegExp(`^${patternOf(raw).map(asExpression).join('')}$`, 'isu')
  if (kind === 'keyword') return values.some((value) => pattern.test(String(value)))
  if (raw === '*') return values.some((value) => value !== '')
  if (!isWordPattern(patternOf(raw))) return false
  return values.some((value) => searchWords(String(value)).some((word) => pattern.test(word)))
}

const patternOf = (raw: string): PatternPart[] =>
  [...raw.matchAll(/\\([\s\S])|(\*)|(\?)|([\s\S])/gu)].map(([, escaped, many, one, plain]) => {
    if (many !== undefined) return { any: 'many' }
    return one === undefined ? (escaped ?? plain ?? '') : { any: 'one' }
  })

const asExpression = (part: PatternPart): string => {
  if (typeof part !== 'string') return part.any === 'one' ? '.' : '.*'
  return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
