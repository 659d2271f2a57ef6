// Which paths a pattern means: `*` and `?` within one part, `**` for any number of parts, `{a,b}` for either. `[` is an ordinary
// character: keys of objects have it.
import { QuiltError } from './errors.js'
import { anyNumber, fitsWildcards, type Wildcard, wildcardsOf } from './wildcards.js'

/** Readings that `{a,b}` may give a pattern. */
const mostReadings = 1_000

/** Whether a text is a pattern rather than the path of one file. */
export const isGlob = (text: string): boolean => /[*?]|\{[^{}]*,[^{}]*\}/.test(text)

/**
 * Tells the paths that a pattern means. It counts from the first part of a path on: `*.csv` is a file of the root. A pattern that ends in
 * a slash means all files below, as one that ends in two stars does. `*` takes a leading dot like any other character. Case counts.
 * @throws {QuiltError} `invalid_input` when the pattern is empty, or has more than 1,000 readings
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  if (pattern === '') throw refused(pattern, 'it is empty')
  const readings = readingsOf(pattern).map(partsOf)
  return (path) => {
    const parts = path.split('/')
    return readings.some((reading) => fitsWildcards(reading, parts))
  }
}

/** Tells the paths that at least one of the patterns means. @throws {QuiltError} as {@link globMatcher} */
export function anyGlobMatcher(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map(globMatcher)
  return (path) => matchers.some((matches) => matches(path))
}

function partsOf(reading: string): readonly Wildcard<string>[] {
  const parts = reading.split('/')
  const last = parts.at(-1)
  // What stands for all that is below is at least one part long.
  if (last === '' || last === '**') parts.splice(-1, 1, '**', '*')
  return parts.map((part) => {
    if (part === '**') return anyNumber
    if (part === '*') return () => true
    if (!/[*?]/.test(part)) return (one: string) => one === part
    const characters = wildcardsOf(part)
    return (one: string) => fitsWildcards(characters, Array.from(one))
  })
}

/** The pattern with one of each alternatives, in all ways. */
function readingsOf(pattern: string): readonly string[] {
  const done: string[] = []
  const open = [pattern]
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const innermost = /\{([^{}]*,[^{}]*)\}/.exec(text)
    if (innermost === null) done.push(text)
    else {
      const [before, after] = [text.slice(0, innermost.index), text.slice(innermost.index + innermost[0].length)]
      open.push(...(innermost[1] ?? '').split(',').map((one) => `${before}${one}${after}`))
    }
    if (done.length + open.length > mostReadings) throw refused(pattern, `it has more than ${mostReadings} readings`)
  }
  return [...new Set(done)]
}

function refused(pattern: string, reason: string): QuiltError {
  return new QuiltError('invalid_input', `${JSON.stringify(pattern.slice(0, 100))} is no pattern of paths: ${reason}`, {
    hint: 'Write *, ? and {a,b} within a part of the path, ** for any number of parts: **/*.csv, raw/**, data/{a,b}/*.',
  })
}
