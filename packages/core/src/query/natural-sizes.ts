// Sizes in plain words. They need a unit: without one a number can be anything.
import type { Around, Saying } from './natural-saying.js'
import { saying, subject } from './natural-words.js'

const number = String.raw`(\d{1,9}(?:\.\d{1,6})?)`
const unit = String.raw`\s?(bytes?|[kmgtp]i?b|(?:kilo|mega|giga|tera|peta)bytes?)`
const about = `${subject}(?:(?:with|of) (?:a )?(?:file )?size |size )?(?:is |of )?`
const comparisons: readonly (readonly [words: string, operator: string])[] = [
  [String.raw`(?:not|no) (?:more|larger|bigger|greater) than |at most |up to |<=\s?`, '<='],
  [String.raw`(?:not|no) (?:less|smaller) than |at least |>=\s?`, '>='],
  [String.raw`(?:larger|bigger|greater|more) than |over |above |exceeding |>\s?`, '>'],
  [String.raw`(?:smaller|less) than |under |below |<\s?`, '<'],
]

/** `larger than 100 MB`, `between 1 and 5 MB`, `1 GB or more`. */
export const sizeSayings: readonly Saying[] = [
  {
    pattern: saying(`${about}between ${number}(?:${unit})? and ${number}${unit}`),
    filterOf: ([, lower = '', lowerUnit, upper = '', upperUnit = ''], { after }) => {
      const [from, to] = [bytesOf(lower, lowerUnit ?? upperUnit), bytesOf(upper, upperUnit)]
      return from === undefined || to === undefined || isOther(after) ? undefined : `size:[${from} TO ${to}]`
    },
  },
  ...comparisons.map(
    ([words, operator]): Saying => ({
      pattern: saying(`${about}(?:${words})${number}${unit}`),
      filterOf: ([, digits = '', of = ''], around) => sized(operator, bytesOf(digits, of), around),
    }),
  ),
  {
    pattern: saying(`${about}${number}${unit} (?:or|and) (?:(more|larger|bigger|over|above)|less|smaller|under|below)`),
    filterOf: ([, digits = '', of = '', more], around) =>
      sized(more === undefined ? '<=' : '>=', bytesOf(digits, of), around),
  },
]

const sized = (operator: string, size: string | undefined, { after }: Around): string | undefined =>
  size === undefined || isOther(after) ? undefined : `size:${operator}${size}`

/** Before these words it is no file that is large. */
const isOther = (after: string): boolean =>
  /^(?:memory|ram|vram|free|storage|disk|swap|per|bandwidth|or|genomes?)$/.test(after)

/** A size in the grammar. Bases are counted in kb, Mb and Gb: what is written so is not taken. */
function bytesOf(digits: string, of: string): string | undefined {
  if (/^bytes?$/i.test(of)) return digits
  if (/bytes?$/i.test(of)) return `${digits}${of.slice(0, 1).toUpperCase()}B`
  if (!/^(?:[KMGTP]i?B|kB|[mgtp]b|[kmgtp]ib)$/.test(of)) return undefined
  return `${digits}${of.slice(0, 1).toUpperCase()}${of.slice(1).replace(/b$/, 'B')}`
}
