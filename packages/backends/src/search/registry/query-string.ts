// A query, or a part of one, as a query string of the registry's index.
import type { Query } from '@quilt-mcp/core'
import { termsOf } from '../conjuncts.js'
import type { IndexTerm, TermWriter } from './index-terms.js'
import { allOfTerms, anyOf, everything } from './query-terms.js'

/** How conditions meet: in one document that has it all (an object, a file), or in any of those that a package has. */
export type Meeting = 'one' | 'several'

/**
 * Writes a query as a query string. It finds all that the query means, or (`exact` false) more: then hits are checked. One exception: several
 * words for a package are only found where they are in one of its documents.
 * @returns undefined when the index can say nothing of it
 */
export function queryString(query: Query, term: TermWriter, meeting: Meeting): IndexTerm | undefined {
  return write(query, { term, meeting, nested: false })
}

interface Writing {
  readonly term: TermWriter
  readonly meeting: Meeting
  /** Whether it stands inside of an OR or a NOT. */
  readonly nested: boolean
}

function write(query: Query, writing: Writing): IndexTerm | undefined {
  switch (query.kind) {
    case 'all':
      return { text: everything, of: 'any', exact: true }
    case 'text':
    case 'field':
      return writing.term(query)
    case 'not':
      return without(query.operand, writing)
    case 'or': {
      const terms = query.operands.map((operand) => write(operand, { ...writing, nested: true }))
      const said = terms.filter((one) => one !== undefined)
      if (said.length < terms.length) return undefined
      return { text: anyOf(said.map(({ text }) => text)), of: commonOf(said), exact: said.every(({ exact }) => exact) }
    }
    case 'and':
      return together(query.operands, writing)
  }
}

/** All conditions that can be asked of one and the same document. */
export function together(operands: readonly Query[], writing: Writing): IndexTerm | undefined {
  const { nested, meeting } = writing
  const terms = operands.map((operand) => write(operand, { ...writing, nested: false }))
  const said = terms.filter((one) => one !== undefined)
  const [first] = said
  if (first === undefined) return undefined
  const meant =
    meeting === 'one' || said.some(({ of }) => of === 'any' || of === 'file')
      ? said
      : said.filter(({ of }) => of === first.of)
  const exact = meant.length === terms.length && meant.every((one) => one.exact)
  // Alone, what is not there finds nothing at all: it is taken away from everything.
  const onlyNot = nested && operands.every(({ kind }) => kind === 'not')
  const texts = [...(onlyNot ? [everything] : []), ...meant.map(({ text }) => text)]
  return { text: allOfTerms(texts, { nested }), of: commonOf(meant), exact }
}

function without(operand: Query, { term, meeting, nested }: Writing): IndexTerm | undefined {
  const said = write(operand, { term, meeting, nested: true })
  // More than is meant would take away too much.
  if (said === undefined || !said.exact) return undefined
  if (meeting === 'several' && [...termsOf(operand)].some(({ negated }) => negated)) return undefined
  const text = `NOT ${said.text}`
  return { text: nested ? `(${everything} AND ${text})` : text, of: said.of, exact: meeting === 'one' }
}

function commonOf(terms: readonly IndexTerm[]): IndexTerm['of'] {
  const [first] = terms
  return first !== undefined && terms.every(({ of }) => of === first.of) ? first.of : 'any'
}
