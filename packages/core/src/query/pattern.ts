// Words of a query: what a backslash takes its meaning from, and what `*` and `?` mean without one.
import type { PatternPart, TextMatch } from './ast.js'

/** The text of a raw word, escapes resolved; wildcards are then characters like others. */
export function unescapeWord(raw: string): string {
  return raw.replace(/\\([\s\S])/g, '$1')
}

/** What a raw word matches. */
export function wordMatch(raw: string): TextMatch {
  const pattern: PatternPart[] = []
  let text = ''
  const endText = (): void => {
    if (text !== '') pattern.push(text)
    text = ''
  }
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at]
    if (character === '\\' && at + 1 < raw.length) text += raw[++at]
    else if (character === '*') {
      endText()
      const last = pattern.at(-1)
      // Two in a row mean what one means, and would only cost time.
      if (typeof last === 'string' || last?.any !== 'many') pattern.push({ any: 'many' })
    } else if (character === '?') {
      endText()
      pattern.push({ any: 'one' })
    } else text += character
  }
  endText()
  return pattern.some((part) => typeof part !== 'string')
    ? { by: 'wildcard', pattern }
    : { by: 'word', text: unescapeWord(raw) }
}

/** Characters that mean something in a query, so that a backslash stands before each in a word. */
const special = /[\s"()\\*?:[\]{}<>=!+&|-]/g

/** Text as a word of a query. */
export function escapeWord(text: string): string {
  const escaped = text.replace(special, '\\$&')
  return /^(AND|OR|NOT|TO)$/.test(escaped) ? `\\${escaped}` : escaped
}

/** A pattern as a word of a query. */
export function formatPattern(pattern: readonly PatternPart[]): string {
  return pattern.map((part) => (typeof part === 'string' ? escapeWord(part) : part.any === 'one' ? '?' : '*')).join('')
}
