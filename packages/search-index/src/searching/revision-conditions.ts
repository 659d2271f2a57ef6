// Packages: their names, comments, metadata, and whether any file of theirs is what a term asks for.
import { type FieldMatch, type FieldQuery, isWordPattern, searchWords, type TextMatch } from '@quilt-mcp/core'
import { inColumns, nothing, phraseOf } from './full-text.js'
import { fits, wordsOfPattern } from './glob.js'
import { entryKeys, extensionCondition, isOfExtension, keyCondition, tailCondition } from './key-conditions.js'
import { keywordCondition, pointCondition } from './keyword-conditions.js'
import type { Meaning } from './meaning.js'
import { anyMeta, ownersOfValues } from './meta-conditions.js'
import { every, never, type Sql, some, sql } from './sql.js'
import { revisionWords } from './text-query.js'
import { matchOfPattern, placesOfPattern } from './vocabulary.js'

/** Columns of words of the revision itself. */
const ownColumns = ['name', 'comment', 'meta', 'workflow']

/** The words of a revision stand in rows that its number begins (schema.ts). */
const ofRows = (rows: Sql): Sql => sql`r.id in (${rows})`
const rowsThatMatch = (match: string): Sql =>
  ofRows(sql`select rowid >> 20 from revision_words where revision_words match ${match}`)

/** Whether a package is found by a word, a phrase or a pattern anywhere in it. */
export function packageTextCondition(match: TextMatch, meaning: Meaning): Sql {
  if (match.by !== 'wildcard') return phraseCondition(match.text)
  if (isWordPattern(match.pattern)) return patternCondition(match, meaning, [])
  return some([
    fits(sql`coalesce(r.folded, r.name)`, match.pattern),
    every([...wordsOfPattern(match.pattern).map(inFiles), anyFile(tailCondition(entryKeys, match.pattern))]),
  ])
}

function phraseCondition(text: string): Sql {
  const phrase = phraseOf(text)
  if (phrase === undefined) return never
  if (!phrase.includes(' ')) return rowsThatMatch(phrase)
  const inKeys = inColumns(['key'], phrase)
  return some([
    rowsThatMatch(inColumns(ownColumns, phrase)),
    sql`r.id in (select e.revision from entry_words w cross join entry e on e.id = w.rowid where w.entry_words match ${inKeys})`,
  ])
}

function patternCondition(
  { pattern }: TextMatch & { readonly by: 'wildcard' },
  { db }: Meaning,
  columns: readonly string[],
): Sql {
  if (!isWordPattern(pattern)) return never
  const match = matchOfPattern(db, revisionWords, { pattern, columns })
  if (match !== undefined) return match === nothing ? never : rowsThatMatch(match)
  return ofRows(sql`select doc >> 20 from (${placesOfPattern(revisionWords, { pattern, columns })})`)
}

const inFiles = (word: string): Sql => rowsThatMatch(inColumns(['files'], `"${word}"`))

/** Whether any of the files is such. */
const anyFile = (condition: Sql): Sql =>
  condition === never
    ? never
    : sql`exists (select 1 from entry e where e.id between r.first_entry and r.last_entry and ${condition})`

const anyExtension = (match: FieldMatch, nowMs: number): Sql => {
  const condition = extensionCondition({ key: sql`null`, ext: sql`x.ext` }, match, nowMs)
  return condition === never ? never : sql`exists (select 1 from entry_ext x where x.revision = r.id and ${condition})`
}

/** Whether a field of a package is what a term asks for. */
export function revisionCondition({ field, path = '', match }: FieldQuery, meaning: Meaning): Sql {
  const { nowMs } = meaning
  switch (field) {
    case 'name':
      return keywordCondition(sql`coalesce(r.folded, r.name)`, match, nowMs)
    case 'hash':
      return keywordCondition(sql`r.hash`, match, nowMs)
    case 'workflow':
      return keywordCondition(sql`coalesce(r.folded_workflow, r.workflow)`, match, nowMs)
    case 'size':
      return pointCondition(sql`r.size`, match, { type: 'number', nowMs })
    case 'entries':
      return pointCondition(sql`r.entries`, match, { type: 'number', nowMs })
    case 'modified':
      return pointCondition(sql`r.modified`, match, { type: 'datetime', nowMs })
    case 'comment':
      return match.by === 'exists' ? sql`r.comment <> ''` : wordsCondition('comment', match, meaning)
    case 'meta':
      return metaCondition(path, match, meaning)
    case 'key':
      return every([...wordsOfMatch(match).map(inFiles), anyFile(keyCondition(entryKeys, match, nowMs))])
    case 'ext':
      return isOfExtension(match) ? anyExtension(match, nowMs) : anyFile(extensionCondition(entryKeys, match, nowMs))
    default:
      return never
  }
}

/** Words that the files of a package have if one of them has such a key. */
function wordsOfMatch(match: FieldMatch): readonly string[] {
  if (match.by === 'wildcard') return wordsOfPattern(match.pattern)
  return match.by === 'word' || match.by === 'phrase' ? searchWords(match.text) : []
}

function metaCondition(path: string, match: FieldMatch, meaning: Meaning): Sql {
  if (path === '' && match.by === 'exists') return anyMeta(sql`r.meta`)
  if (path !== '' || match.by === 'range' || match.by === 'boolean') {
    return sql`r.id in (${ownersOfValues('revision', { path, match }, meaning.nowMs)})`
  }
  return wordsCondition('meta', match, meaning)
}

function wordsCondition(column: string, match: FieldMatch, meaning: Meaning): Sql {
  if (match.by === 'wildcard') return patternCondition(match, meaning, [column])
  if (match.by !== 'word' && match.by !== 'phrase') return never
  const phrase = phraseOf(match.text)
  return phrase === undefined ? never : rowsThatMatch(inColumns([column], phrase))
}
