// The order of the best first (decision 0012): what `scoreOf` of core counts, as SQL.
import { type Query, searchWords } from '@quilt-mcp/core'
import { inColumns } from './full-text.js'
import type { Meaning } from './meaning.js'
import { rowsOf, textIn } from './rows.js'
import { joined, type Sql, sql } from './sql.js'
import { type ScoredTerm, scoredTerms } from './tiers.js'

/** What a row counts. Undefined: the query has no words that count. */
export function scoreSql(query: Query, meaning: Meaning): Sql | undefined {
  const terms = scoredTerms(query)
  if (terms.length === 0) return undefined
  const score = meaning.scope === 'packages' ? packageScore : fileScore
  return sql`(${joined(
    terms.map((term) => score(term, meaning)),
    ' + ',
  )})`
}

/** What is required stands somewhere at least. */
const elsewhere = ({ isRequired }: ScoredTerm, condition: Sql): Sql => (isRequired ? sql`1` : sql`(${condition})`)

function fileScore(term: ScoredTerm, { scope }: Meaning): Sql {
  const { phrase } = term
  const [id, table] =
    scope === 'objects'
      ? [sql`o.id`, { text: 'object_words', values: [] }]
      : [sql`e.id`, { text: 'entry_words', values: [] }]
  const matching = (match: string): Sql => sql`${id} in (select rowid from ${table} where ${table} match ${match})`
  return sql`case when ${matching(inColumns(['base'], phrase))} then 2 else ${elsewhere(term, matching(phrase))} end`
}

function packageScore(term: ScoredTerm, meaning: Meaning): Sql {
  const { phrase } = term
  const matching = (match: string): Sql =>
    sql`r.id in (select rowid >> 20 from revision_words where revision_words match ${match})`
  const inFiles = !phrase.includes(' ')
    ? matching(inColumns(['files'], phrase))
    : sql`r.id in (select e.revision from entry_words w cross join entry e on e.id = w.rowid where w.entry_words match ${inColumns(['key'], phrase)})`
  return sql`case
    when r.name in (select value from json_each(${JSON.stringify(namesWithPart(phrase, meaning))})) then 8
    when ${matching(inColumns(['name'], phrase))} then 4
    when ${matching(inColumns(['comment', 'meta', 'workflow'], phrase))} then 2
    else ${elsewhere(term, inFiles)} end`
}

/** Names that are these words as a whole, or have a part that is. */
function namesWithPart(phrase: string, { db }: Meaning): readonly string[] {
  const match = inColumns(['name'], phrase)
  const names = rowsOf(
    db,
    sql`select distinct r.name from revision_words w cross join revision r on r.id = w.rowid >> 20 where w.revision_words match ${match}`,
  )
  const wanted = phrase.slice(1, -1)
  return names.flatMap(([name]) => {
    const text = textIn(name) ?? ''
    return [text, ...text.split('/')].some((part) => searchWords(part).join(' ') === wanted) ? [text] : []
  })
}
