// Many files ordered by the best first: those of the highest score are asked for first, and mostly they are enough.
import { type Query, termsOf } from '@quilt-mcp/core'
import { allOfText, anyOfText, butNot, inColumns } from './full-text.js'

/** The files of one score. */
export interface Tier {
  readonly score: number
  /** What the full text index is asked for them. */
  readonly match: string
}

/** Above, there are more ways to come to a score than are worth asking for. */
const mostTerms = 3

/** What a term counts: 2 in the file's own name, 1 elsewhere (decision 0012). */
const counts = [2, 1, 0] as const
type Count = (typeof counts)[number]

/** The scores that files can have, the highest first. Undefined: too many ways lead to them.
 * @param match what the full text index is asked for all of them
 * @param isInNames whether any file has what is asked for in its own name */
export function tiersOf(
  query: Query,
  match: string,
  isInNames: (match: string) => boolean,
): readonly Tier[] | undefined {
  const terms = scoredTerms(query)
  const phrases = terms.map(({ phrase }) => phrase)
  if (terms.length > mostTerms) return undefined
  const named = terms.map(({ phrase }) => isInNames(inName(phrase)))
  const byScore = new Map<number, string[]>()
  // Then what has one of them, or all where all are required, is found.
  const isOfTerms = isMadeOfTerms(query)
  for (const ways of waysOf(terms)) {
    if (ways.some((count, index) => count === 2 && named[index] === false)) continue
    const score = ways.reduce<number>((sum, count) => sum + count, 0)
    const known = byScore.get(score) ?? []
    const isWhole = isOfTerms && ways.some((count) => count > 0)
    byScore.set(score, [...known, matchOfWays(isWhole ? [] : [match], { phrases, named, ways })])
  }
  return [...byScore]
    .map(([score, matches]) => ({ score, match: anyOfText(matches) }))
    .toSorted((a, b) => b.score - a.score)
}

/** A word or phrase that counts, and whether everything that is found has it. */
export interface ScoredTerm {
  readonly phrase: string
  readonly isRequired: boolean
}

export function scoredTerms(query: Query): readonly ScoredTerm[] {
  const operands = query.kind === 'and' ? query.operands : [query]
  return operands.flatMap((operand) =>
    termsOf(operand).map((words) => ({ phrase: `"${words.join(' ')}"`, isRequired: operand.kind === 'text' })),
  )
}

/** Whether a query asks for nothing but its words and phrases: for all, or for any of them. */
function isMadeOfTerms(query: Query): boolean {
  const operands = query.kind === 'and' || query.kind === 'or' ? query.operands : [query]
  return operands.every(
    (operand) => operand.kind === 'text' && operand.match.by !== 'wildcard' && termsOf(operand).length === 1,
  )
}

/** All that the terms can count. */
function waysOf(terms: readonly ScoredTerm[]): readonly (readonly Count[])[] {
  const last = terms.at(-1)
  if (last === undefined) return [[]]
  const own = last.isRequired ? counts.slice(0, 2) : counts
  return waysOf(terms.slice(0, -1)).flatMap((ways) => own.map((count) => [...ways, count]))
}

interface Ways {
  readonly phrases: readonly string[]
  readonly named: readonly boolean[]
  readonly ways: readonly Count[]
}

function matchOfWays(match: readonly string[], { phrases, named, ways }: Ways): string {
  const of = (wanted: Count): readonly string[] => phrases.filter((_, index) => ways[index] === wanted)
  const elsewhere = phrases.filter((_, index) => ways[index] === 1 && named[index] === true)
  const found = allOfText([...match, ...of(2).map(inName), ...of(1)])
  return butNot(found, [...elsewhere.map(inName), ...of(0)])
}

const inName = (phrase: string): string => inColumns(['base'], phrase)
