// What a query means, as a condition of SQL on one row.
import { type FieldQuery, isWordPattern, type Query, type TextMatch } from '@quilt-mcp/core'
import {
  entryKeys,
  extensionCondition,
  type KeyColumns,
  keyCondition,
  objectKeys,
  tailCondition,
} from './key-conditions.js'
import { keywordCondition, pointCondition } from './keyword-conditions.js'
import type { Meaning } from './meaning.js'
import { ownersOfValues } from './meta-conditions.js'
import { packageTextCondition, revisionCondition } from './revision-conditions.js'
import { always, every, never, not, type Sql, some, sql } from './sql.js'
import { entryWords, matchOf, narrowingOf, objectWords } from './text-query.js'
import { placesOfPattern, type WordTable } from './vocabulary.js'

/** The condition under which a row is found: of `r` (revision), `e` (entry) or `o` (object), as the scope says. */
export function conditionOf(query: Query, meaning: Meaning): Sql {
  const match = isOfRow(query) ? undefined : matchOf(query, meaning)
  if (match !== undefined) return rowsThatMatch(match, meaning)
  const narrowing = meaning.scope === 'packages' ? undefined : narrowingOf(query, meaning)
  const exact = plainCondition(query, meaning)
  return narrowing === undefined ? exact : every([rowsThatMatch(narrowing, meaning), exact])
}

/** Whether the row of a file says it, though the full text index knows it, too. */
export const isOfRow = (query: Query): boolean => query.kind === 'field' && query.field === 'ext'

/** Whether all that a query says of an entry is about its package. */
export function isOfPackage(query: Query): boolean {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.operands.every(isOfPackage)
    case 'not':
      return isOfPackage(query.operand)
    case 'field':
      return ofPackages.has(query.field)
    default:
      return false
  }
}

const ofPackages: ReadonlySet<FieldQuery['field']> = new Set(['name', 'comment', 'hash', 'workflow', 'modified'])

/** The condition without what the full text index says of it. */
export function plainCondition(query: Query, meaning: Meaning): Sql {
  switch (query.kind) {
    case 'all':
      return always
    case 'and':
      return every(query.operands.map((operand) => conditionOf(operand, meaning)))
    case 'or':
      return some(query.operands.map((operand) => conditionOf(operand, meaning)))
    case 'not':
      return not(conditionOf(query.operand, meaning))
    case 'text':
      return textCondition(query.match, meaning)
    case 'field':
      return fieldCondition(query, meaning)
  }
}

const tables = {
  entries: { id: sql`e.id`, words: entryWords, keys: entryKeys },
  objects: { id: sql`o.id`, words: objectWords, keys: objectKeys },
} as const

function tableOf({ scope }: Meaning): { readonly id: Sql; readonly words: WordTable; readonly keys: KeyColumns } {
  return tables[scope === 'objects' ? 'objects' : 'entries']
}

function rowsThatMatch(match: string, meaning: Meaning): Sql {
  const { id, words } = tableOf(meaning)
  const table = { text: words.words, values: [] }
  return sql`${id} in (select rowid from ${table} where ${table} match ${match})`
}

/** Of patterns only: words and phrases are the full text index's own. */
function textCondition(match: TextMatch, meaning: Meaning): Sql {
  if (meaning.scope === 'packages') return packageTextCondition(match, meaning)
  if (match.by !== 'wildcard') return never
  const { id, words, keys } = tableOf(meaning)
  if (!isWordPattern(match.pattern)) return tailCondition(keys, match.pattern)
  return sql`${id} in (${placesOfPattern(words, { pattern: match.pattern, columns: meaning.textColumns ?? [] })})`
}

function fieldCondition(query: FieldQuery, meaning: Meaning): Sql {
  const { scope, bucket, nowMs } = meaning
  const { field, match } = query
  if (field === 'bucket') return keywordCondition(sql`${bucket.toLowerCase()}`, match, nowMs)
  if (scope === 'packages') return revisionCondition(query, meaning)
  const { keys } = tableOf(meaning)
  switch (field) {
    case 'key':
      return keyCondition(keys, match, nowMs)
    case 'ext':
      return extensionCondition(keys, match, nowMs)
    case 'size':
      return pointCondition(scope === 'entries' ? sql`e.size` : sql`o.size`, match, { type: 'number', nowMs })
    default:
      return scope === 'entries' ? entryFieldCondition(query, meaning) : objectFieldCondition(query, meaning)
  }
}

function entryFieldCondition(query: FieldQuery, meaning: Meaning): Sql {
  if (query.field === 'meta') return entryMetaCondition(query, meaning)
  const ofPackage = revisionCondition(query, { ...meaning, scope: 'packages' })
  return sql`e.revision in (select r.id from revision r where r.is_latest = 1 and ${ofPackage})`
}

function entryMetaCondition({ path = '', match }: FieldQuery, { nowMs }: Meaning): Sql {
  if (path === '' && match.by === 'exists') return sql`e.has_meta = 1`
  if (path === '' && match.by === 'wildcard') {
    return sql`e.id in (${placesOfPattern(entryWords, { pattern: match.pattern, columns: ['meta'] })})`
  }
  return sql`e.id in (${ownersOfValues('entry', { path, match }, nowMs)})`
}

function objectFieldCondition({ field, match }: FieldQuery, { nowMs }: Meaning): Sql {
  switch (field) {
    case 'modified':
      return pointCondition(sql`o.modified`, match, { type: 'datetime', nowMs })
    case 'content':
      return contentCondition(match)
    case 'deleted':
      // What is deleted is in no list, and so in no index.
      if (match.by === 'exists') return always
      return match.by === 'boolean' && !match.value ? always : never
    default:
      return never
  }
}

function contentCondition(match: FieldQuery['match']): Sql {
  if (match.by === 'wildcard') {
    return sql`o.id in (${placesOfPattern(objectWords, { pattern: match.pattern, columns: ['content'] })})`
  }
  return match.by === 'exists' ? sql`o.has_content = 1` : never
}
