// The order of the best first (decision 0012): what `scoreOf` of core counts, as SQL.
import { type Query, searchWords, termsOf } from '@quilt-mcp/core'
import { inColumns } from './full-text.js'
import type { Meaning } from './meaning.js'
import { rowsOf, textIn } from './rows.js'
import { joined, type Sql, sql } from './sql.js'

/** What a row counts. Undefined: the query has no words that count. */
export function scoreSql(query: Query, meaning: Meaning): Sql | undefined {
  const terms = termsOf(query)
  if (terms.length === 0) return undefined
  const score = meaning.scope === 'packages' ? packageScore : fileScore
  return sql`(${joined(
    terms.map((words) => score(words, meaning)),
    ' + ',
  )})`
}

const phraseOfWords = (words: readonly string[]): string => `"${words.join(' ')}"`

function fileScore(words: readonly string[], { scope }: Meaning): Sql {
  const phrase = phraseOfWords(words)
  const [id, table] =
    scope === 'objects'
      ? [sql`o.id`, { text: 'object_words', values: [] }]
      : [sql`e.id`, { text: 'entry_words', values: [] }]
  const matching = (match: string): Sql => sql`${id} in (select rowid from ${table} where ${table} match ${match})`
  return sql`case when ${matching(inColumns(['base'], phrase))} then 2 when ${matching(phrase)} then 1 else 0 end`
}

function packageScore(words: readonly string[], meaning: Meaning): Sql {
  const phrase = phraseOfWords(words)
  const matching = (match: string): Sql =>
    sql`r.id in (select rowid >> 20 from revision_words where revision_words match ${match})`
  const inFiles =
    words.length === 1
      ? matching(inColumns(['files'], phrase))
      : sql`r.id in (select e.revision from entry_words w cross join entry e on e.id = w.rowid where w.entry_words match ${inColumns(['key'], phrase)})`
  return sql`case
    when r.name in (select value from json_each(${JSON.stringify(namesWithPart(words, meaning))})) then 8
    when ${matching(inColumns(['name'], phrase))} then 4
    when ${matching(inColumns(['comment', 'meta', 'workflow'], phrase))} then 2
    when ${inFiles} then 1 else 0 end`
}

/** Names that are these words as a whole, or have a part that is. */
function namesWithPart(words: readonly string[], { db }: Meaning): readonly string[] {
  const match = inColumns(['name'], phraseOfWords(words))
  const names = rowsOf(
    db,
    sql`select distinct r.name from revision_words w cross join revision r on r.id = w.rowid >> 20 where w.revision_words match ${match}`,
  )
  const wanted = words.join(' ')
  return names.flatMap(([name]) => {
    const text = textIn(name) ?? ''
    return [text, ...text.split('/')].some((part) => searchWords(part).join(' ') === wanted) ? [text] : []
  })
}
