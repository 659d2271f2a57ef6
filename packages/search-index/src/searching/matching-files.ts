// The files by which a package was found.
import { type MatchingFile, parseJson, type Query } from '@quilt-mcp/core'
import { foundRows } from './found.js'
import type { Meaning } from './meaning.js'
import { rowsOf, textIn } from './rows.js'
import { type SqlValue, sql } from './sql.js'

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
  const searches = wishes.map((wish) => foundRows(wish, ofEntries, { allRevisions: false }))
  return (first, last) => {
    if (typeof first !== 'number' || typeof last !== 'number') return []
    const files = new Map<string, MatchingFile>()
    for (const found of searches) {
      if (files.size === mostFiles) break
      const rows = rowsOf(
        meaning.db,
        sql`select e.key, e.physical_key, e.size, e.meta ${found.within(first, last)} order by e.id limit ${mostFiles}`,
      )
      for (const [key, physicalKey, size, meta] of rows) {
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
