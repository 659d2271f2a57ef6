// The files by which a package was found.
import { type MatchingFile, parseJson, type Query } from '@quilt-mcp/core'
import { entryMeta, physicalKey } from './entry-rest.js'
import { type FileQuery, fileQuery } from './file-query.js'
import type { Meaning } from './meaning.js'
import { rowsOf, textIn } from './rows.js'
import { type Sql, type SqlValue, sql } from './sql.js'

/** At most so many files of a package are told. */
const mostFiles = 10

/** Makes what tells the files of a package that a query finds: first those that all of its terms find, then those that one does.
 * @returns of the numbers of the package's first and last entry */
export function matchingFiles(
  query: Query,
  meaning: Meaning,
): (first: SqlValue | undefined, last: SqlValue | undefined) => readonly MatchingFile[] {
  const terms = fileTerms(query)
  if (terms.length === 0) return () => []
  const { span } = query
  // Words may also stand in the metadata of a file, which is no reason for its package.
  const ofEntries: Meaning = { ...meaning, scope: 'entries', textColumns: ['key'] }
  const wishes: readonly Query[] =
    terms.length === 1
      ? terms
      : [
          { kind: 'and', operands: terms, span },
          { kind: 'or', operands: terms, span },
        ]
  const searches = wishes
    .map((wish) => fileQuery(wish, 'entries', ofEntries))
    .filter(({ match }) => match === undefined || isAnywhere(match, meaning))
    .map(filesWithin)
  return (first, last) => {
    if (typeof first !== 'number' || typeof last !== 'number') return []
    const files = new Map<string, MatchingFile>()
    for (const within of searches) {
      if (files.size === mostFiles) break
      for (const [key, physicalKey, size, meta] of rowsOf(meaning.db, within(first, last))) {
        const logicalKey = textIn(key) ?? ''
        if (files.size === mostFiles) break
        files.set(logicalKey, {
          logicalKey,
          physicalKey: textIn(physicalKey) ?? '',
          size: Number(size),
          ...(typeof meta === 'string' && { userMeta: parseJson(meta) }),
        })
      }
    }
    return [...files.values()]
  }
}

/** What no file has is not looked for in each package: the full text index would go to the end of its lists each time. */
const isAnywhere = (match: string, { db }: Meaning): boolean =>
  rowsOf(db, sql`select 1 from entry_words(${match}) limit 1`).length > 0

/** Makes the SQL of the files with numbers of a stretch. */
function filesWithin({ match, condition }: FileQuery): (first: number, last: number) => Sql {
  const columns = sql`select e.key, ${physicalKey}, e.size, ${entryMeta}`
  const end = sql`order by e.id limit ${mostFiles}`
  if (match === undefined) {
    return (first, last) => sql`${columns} from entry e where e.id between ${first} and ${last} and ${condition} ${end}`
  }
  const rows = sql`from entry_words w cross join entry e on e.id = w.rowid where w.entry_words match ${match} and ${condition}`
  // The full text index takes the bounds of a stretch only as integers.
  return (first, last) =>
    sql`${columns} ${rows} and w.rowid between cast(${first} as integer) and cast(${last} as integer) order by w.rowid limit ${mostFiles}`
}

/** The terms of a query that files can be found by; nothing under NOT. */
function fileTerms(query: Query): readonly Query[] {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.operands.flatMap(fileTerms)
    case 'text':
      return [query]
    case 'field':
      return query.field === 'key' || query.field === 'ext' ? [query] : []
    default:
      return []
  }
}
