// Finds filters in plain words: "csv files larger than 100 MB from the last 30 days". Only what is sure; the rest stays as it was.
import { QuiltError } from '../errors.js'
import { fileKinds, namedKinds } from './natural-kinds.js'
import { metadataSayings } from './natural-metadata.js'
import { sizeSayings } from './natural-sizes.js'
import { timeSayings } from './natural-times.js'
import { parseQuery } from './parse.js'

/** A part of a search in plain words. */
export interface NaturalFilter {
  /** The words, as they stood there. */
  readonly said: string
  /** What they mean, in the grammar of `parseQuery`. */
  readonly filter: string
}

export interface NaturalReading {
  /** What was not understood as a filter, in its order. */
  readonly rest: string
  /** In the order in which they were said. */
  readonly found: readonly NaturalFilter[]
}

export interface NaturalOptions {
  /** Milliseconds since 1970: what `today`, `yesterday` and `this year` are, in UTC. Absent: they are left as words. */
  readonly nowMs?: number
}

const longestText = 4_000
/** Takes the place of what is not to be read: it fits no pattern. Texts that have it themselves are not read. */
const untouched = '\ue000'
const taken = '\ue001'

/**
 * Filters that plain words in a search say. What stands in quotation marks or behind a field, and texts with operators, parentheses or a
 * negation, are left as they are.
 * Never throws.
 */
export function naturalFilters(text: string, { nowMs }: NaturalOptions = {}): NaturalReading {
  const plain = text.length > longestText || isMarked.test(text) ? '' : withoutQueries(text)
  if (plain === '' || isQuery.test(plain) || isNegated.test(plain)) return { rest: text, found: [] }
  let open = plain
  const found: (NaturalFilter & { readonly from: number })[] = []
  for (const { pattern, filterOf } of [
    ...fileKinds,
    ...timeSayings,
    ...sizeSayings,
    ...metadataSayings,
    ...namedKinds,
  ]) {
    for (const words of open.matchAll(pattern)) {
      const from = words.index
      const end = from + words[0].length
      const [before, after] = [wordBefore(open, from), wordBehind(open, end)]
      // Beside "or" it may be said of something else.
      const filter = before === 'or' || after === 'or' ? undefined : filterOf(words, { before, after, nowMs })
      if (filter === undefined || !isReadable(filter)) continue
      found.push({ said: text.slice(from, end), filter, from })
      open = `${open.slice(0, from)}${taken.repeat(end - from)}${open.slice(end)}`
    }
  }
  if (found.length === 0) return { rest: text, found: [] }
  return {
    rest: restOf(text, open),
    found: found.toSorted((a, b) => a.from - b.from).map(({ said, filter }) => ({ said, filter })),
  }
}

/** The text with what is in quotation marks, and fields with their values, made unreadable. */
function withoutQueries(text: string): string {
  return text.replace(inQuotes, blank).replace(isField, blank)
}

const isMarked = /[\ue000\ue001]/
const inQuotes = /"(?:\\[\s\S]|[^"\\])*(?:"|$)/g
const isField = /(?<!\S)[^\s:\ue000]{0,200}:(?:[[{][^\]}]{0,200}[\]}]|\([^)]{0,400}\)|\S)\S*/g
const blank = (part: string): string => untouched.repeat(part.length)

const isQuery = /(?<!\S)(?:AND|OR|NOT|&&|\|\||[-+!]\S)|[()\\]/
/** "Not more than" is a filter itself. */
const isNegated =
  /(?<!\S)(?:(?:no|not)(?!\s{1,5}(?:more|less|larger|bigger|smaller|greater) than)|without|except|excluding|excludes?|non|nor|neither|never|\S{1,10}n't)(?!\S)/i

const wordBefore = (text: string, at: number): string =>
  /(\S+)\s*$/
    .exec(text.slice(Math.max(0, at - 60), at))?.[1]
    ?.toLowerCase()
    .replaceAll(taken, '')
    .replace(/.*[,;]$/, '') ?? ''
const wordBehind = (text: string, at: number): string =>
  /^\s*([^\s,;.\ue000\ue001]+)/.exec(text.slice(at, at + 60))?.[1]?.toLowerCase() ?? ''

function isReadable(filter: string): boolean {
  try {
    parseQuery(filter)
    return true
  } catch (error) {
    if (error instanceof QuiltError) return false
    throw error
  }
}

/** What was not taken; with it goes an "and" or a comma that joined it to what was. */
function restOf(text: string, open: string): string {
  const words = [...open.replace(/(?<=\ue001)[,;.](?=\s|$)/g, taken).matchAll(/\S+/g)]
  const isTaken = (at: number): boolean => words[at]?.[0].endsWith(taken) ?? false
  const kept = words.filter(
    ({ 0: word }, at) => !isTaken(at) && !(/^(?:and|,)$/i.test(word) && (isTaken(at - 1) || isTaken(at + 1))),
  )
  let rest = ''
  let end: number | undefined
  for (const { 0: word, index } of kept) {
    // Blanks stay as they were where nothing was taken between two words.
    const between = end === undefined ? '' : text.slice(end, index)
    rest += /^\s*$/.test(between) ? between : ' '
    rest += text.slice(index, index + word.length)
    end = index + word.length
  }
  return rest
}
