// What a query asks of a table of files: taken apart into what each table knows.
import type { Query } from '@quilt-mcp/core'
import { type AskedPackages, askedPackages } from './asked-packages.js'
import { conditionOf, isOfPackage, isOfRow, plainCondition } from './conditions.js'
import { allOfText, butNot } from './full-text.js'
import type { Meaning } from './meaning.js'
import { rowOfAll } from './rows.js'
import { every, type Sql, sql } from './sql.js'
import { entryWords, extensionWords, matchOf, narrowingOf, objectWords } from './text-query.js'

/** What to look for in a table of files: entries or objects. */
export interface FileQuery {
  readonly scope: 'entries' | 'objects'
  /** What the full text index is asked: one expression for all that it knows. Absent: nothing. */
  readonly match: string | undefined
  /** What else holds of the row. */
  readonly condition: Sql
  /** Whether few rows are of the sizes that are asked for. */
  readonly bySize: boolean
  /** The packages that it may be of. Absent: any. */
  readonly packages: AskedPackages | undefined
}

export const wordsOf = (scope: FileQuery['scope']): string => (scope === 'entries' ? entryWords : objectWords).words

/** Takes a query apart into what each table knows of it. */
export function fileQuery(query: Query, scope: FileQuery['scope'], meaning: Meaning): FileQuery {
  const found: string[] = []
  const left: { readonly match: string; readonly operand: Query }[] = []
  const conditions: Sql[] = []
  const ofPackage: Sql[] = []
  const ofExtensions: string[] = []
  const operands = query.kind === 'and' ? query.operands : [query]
  const bySize = operands.some((operand) => isOfFewSizes(operand, scope, meaning))
  for (const operand of operands) {
    // What stands in the row is not asked of the full text index when few rows are looked at.
    const match = bySize && isOfRow(operand) ? undefined : matchOf(operand, meaning)
    const leftOut = operand.kind === 'not' ? matchOf(operand.operand, meaning) : undefined
    if (match !== undefined) found.push(match)
    else if (leftOut !== undefined) left.push({ match: leftOut, operand })
    else if (scope === 'entries' && isOfPackage(operand)) {
      ofPackage.push(conditionOf(operand, { ...meaning, scope: 'packages' }))
    } else {
      const narrowing = narrowingOf(operand, meaning)
      if (narrowing !== undefined && isNarrow(narrowing, scope, meaning)) found.push(narrowing)
      const words = operand.kind === 'field' ? extensionWords(operand) : undefined
      if (words !== undefined) ofExtensions.push(words)
      conditions.push(plainCondition(operand, meaning))
    }
  }
  if (found.length > 0) found.push(...ofExtensions)
  if (found.length === 0) conditions.push(...left.map(({ operand }) => plainCondition(operand, meaning)))
  return {
    scope,
    match:
      found.length === 0
        ? undefined
        : butNot(
            allOfText(found),
            left.map(({ match }) => match),
          ),
    condition: every(conditions),
    bySize,
    packages: ofPackage.length === 0 ? undefined : askedPackages(every(ofPackage), meaning),
  }
}

export const rowBy = (scope: FileQuery['scope'], bySize: boolean): Sql => {
  const row = scope === 'entries' ? sql`entry e` : sql`object o`
  return bySize
    ? { text: `${row.text} indexed by ${scope === 'entries' ? 'entry_size' : 'object_size'}`, values: [] }
    : row
}

/** Whether few rows are of the sizes that are asked for. */
function isOfFewSizes(operand: Query, scope: FileQuery['scope'], meaning: Meaning): boolean {
  if (operand.kind !== 'field' || operand.field !== 'size' || operand.match.by !== 'range') return false
  const rows = sql`select 1 from ${rowBy(scope, true)} where ${plainCondition(operand, meaning)} limit ${meaning.costs.narrow + 1}`
  return Number(rowOfAll(meaning.db, sql`select count(*) from (${rows})`)[0]) <= meaning.costs.narrow
}

/** Whether few enough rows match, so that it is worth asking. */
function isNarrow(match: string, scope: FileQuery['scope'], { db, costs }: Meaning): boolean {
  const words = { text: wordsOf(scope), values: [] }
  const rows = sql`select 1 from ${words} where ${words} match ${match} limit ${costs.narrow + 1}`
  return Number(rowOfAll(db, sql`select count(*) from (${rows})`)[0]) <= costs.narrow
}
