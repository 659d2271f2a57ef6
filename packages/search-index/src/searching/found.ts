// Which rows a query finds: from what tables, under which conditions.
import type { Query } from '@quilt-mcp/core'
import { conditionOf, plainCondition } from './conditions.js'
import { allOfText, butNot } from './full-text.js'
import type { Meaning } from './meaning.js'
import { always, every, type Sql, sql } from './sql.js'
import { matchOf, narrowingOf } from './text-query.js'

/** The rows that are found, as SQL behind `select ...`. */
export interface Found {
  /** `e` or `o` with the columns of the row, `r` with those of its revision; of packages all is `r`. */
  readonly whole: Sql
  /** Without `r`, for entries. */
  readonly own: Sql
  /** For counting. */
  readonly bare: Sql
  /** Those of a stretch of numbers. */
  within(first: number, last: number): Sql
}

/** What to look through for a query. */
export function foundRows(query: Query, meaning: Meaning, { allRevisions }: { readonly allRevisions: boolean }): Found {
  if (meaning.scope === 'packages') {
    const latest = allRevisions ? [] : [sql`r.is_latest = 1`]
    const rows = sql`from revision r where ${every([...latest, conditionOf(query, meaning)])}`
    return {
      whole: rows,
      own: rows,
      bare: rows,
      within: (first, last) => sql`${rows} and r.id between ${first} and ${last}`,
    }
  }
  return meaning.scope === 'entries' ? foundEntries(query, meaning) : foundObjects(query, meaning)
}

function foundEntries(query: Query, meaning: Meaning): Found {
  const { match, condition, isAll } = partsOf(query, meaning)
  const revision = sql`cross join revision r on r.id = e.revision`
  if (match === undefined) {
    const own = sql`from entry e where ${condition}`
    return {
      whole: sql`from entry e ${revision} where ${condition}`,
      own,
      bare: isAll ? sql`from entry` : own,
      within: (first, last) => sql`${own} and e.id between ${first} and ${last}`,
    }
  }
  const words = sql`from entry_words w`
  const where = sql`where w.entry_words match ${match}`
  const entry = sql`cross join entry e on e.id = w.rowid`
  return {
    whole: sql`${words} ${entry} ${revision} ${where} and ${condition}`,
    own: sql`${words} ${entry} ${where} and ${condition}`,
    bare: isAll ? sql`${words} ${where}` : sql`${words} ${entry} ${where} and ${condition}`,
    within: (first, last) => sql`${words} ${entry} ${where} and w.rowid between ${first} and ${last} and ${condition}`,
  }
}

function foundObjects(query: Query, meaning: Meaning): Found {
  const { match, condition, isAll } = partsOf(query, meaning)
  if (match === undefined) {
    const own = sql`from object o where ${condition}`
    const within: Found['within'] = (first, last) => sql`${own} and o.id between ${first} and ${last}`
    return { whole: own, own, bare: isAll ? sql`from object` : own, within }
  }
  const words = sql`from object_words w`
  const where = sql`where w.object_words match ${match}`
  const own = sql`${words} cross join object o on o.id = w.rowid ${where} and ${condition}`
  const within: Found['within'] = (first, last) => sql`${own} and w.rowid between ${first} and ${last}`
  return { whole: own, own, bare: isAll ? sql`${words} ${where}` : own, within }
}

interface Parts {
  /** What the full text index is asked: one expression for all that it knows. */
  readonly match: string | undefined
  readonly condition: Sql
  /** Whether there is no further condition. */
  readonly isAll: boolean
}

function partsOf(query: Query, meaning: Meaning): Parts {
  const found: string[] = []
  const left: { readonly match: string; readonly operand: Query }[] = []
  const conditions: Sql[] = []
  for (const operand of query.kind === 'and' ? query.operands : [query]) {
    const match = matchOf(operand, meaning)
    const leftOut = operand.kind === 'not' ? matchOf(operand.operand, meaning) : undefined
    if (match !== undefined) found.push(match)
    else if (leftOut !== undefined) left.push({ match: leftOut, operand })
    else {
      const narrowing = narrowingOf(operand)
      if (narrowing !== undefined) found.push(narrowing)
      conditions.push(plainCondition(operand, meaning))
    }
  }
  if (found.length === 0) conditions.push(...left.map(({ operand }) => plainCondition(operand, meaning)))
  const condition = every(conditions)
  return {
    match:
      found.length === 0
        ? undefined
        : butNot(
            allOfText(found),
            left.map(({ match }) => match),
          ),
    condition,
    isAll: condition === always,
  }
}
