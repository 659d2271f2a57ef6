// Entries and objects that were found, as hits.
import {
  type EntryHit,
  highlightsOf,
  type ObjectHit,
  parseJson,
  type Query,
  type SearchDocument,
} from '@quilt-mcp/core'
import { entryMeta, physicalKey } from './entry-rest.js'
import type { Meaning } from './meaning.js'
import { isoOf } from './package-hits.js'
import { rowsOf, type SqlRow, textIn } from './rows.js'
import { sql } from './sql.js'

/** The hits of entries, by their numbers. */
export function entryHits(ids: readonly number[], query: Query, meaning: Meaning): ReadonlyMap<number, EntryHit> {
  const rows = rowsOf(
    meaning.db,
    sql`select e.id, e.key, e.size, ${physicalKey}, ${entryMeta}, r.name, r.hash, r.modified, r.comment, r.workflow
      from json_each(${JSON.stringify(ids)}) wanted cross join entry e on e.id = wanted.value cross join revision r on r.id = e.revision`,
  )
  return new Map(rows.map((row) => [Number(row[0]), entryHit(row, query, meaning)]))
}

function entryHit(row: SqlRow, query: Query, meaning: Meaning): EntryHit {
  const [, key, size, physicalKey, meta, name, hash, modified, comment, workflow] = row
  const document = {
    bucket: meaning.bucket,
    name: textIn(name) ?? '',
    key: textIn(key) ?? '',
    hash: textIn(hash) ?? '',
    size: Number(size),
    ...(typeof modified === 'number' ? { modifiedMs: modified } : {}),
    ...(typeof comment === 'string' ? { comment } : {}),
    ...(typeof meta === 'string' ? { meta: parseJson(meta) } : {}),
    ...(typeof workflow === 'string' ? { workflow } : {}),
  } satisfies SearchDocument
  return {
    kind: 'entry',
    bucket: meaning.bucket,
    name: document.name,
    topHash: document.hash,
    logicalKey: document.key,
    physicalKey: textIn(physicalKey) ?? '',
    size: document.size,
    ...(typeof modified === 'number' ? { modified: isoOf(modified) } : {}),
    ...(document.meta === undefined ? {} : { userMeta: document.meta }),
    matched: highlightsOf(query, document, meaning),
  }
}

/** The hits of objects, by their numbers. */
export function objectHits(ids: readonly number[], query: Query, meaning: Meaning): ReadonlyMap<number, ObjectHit> {
  const rows = rowsOf(
    meaning.db,
    sql`select o.id, o.key, o.size, o.modified, o.version_id
      from json_each(${JSON.stringify(ids)}) wanted cross join object o on o.id = wanted.value`,
  )
  return new Map(rows.map((row) => [Number(row[0]), objectHit(row, query, meaning)]))
}

function objectHit([, key, size, modified, versionId]: SqlRow, query: Query, meaning: Meaning): ObjectHit {
  const document = {
    bucket: meaning.bucket,
    key: textIn(key) ?? '',
    size: Number(size),
    modifiedMs: Number(modified),
    deleted: false,
  } satisfies SearchDocument
  return {
    kind: 'object',
    bucket: meaning.bucket,
    key: document.key,
    ...(typeof versionId === 'string' ? { versionId } : {}),
    size: document.size,
    modified: isoOf(modified ?? 0),
    matched: highlightsOf(query, document, meaning),
  }
}
