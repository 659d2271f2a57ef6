// Packages that were found, as hits: what the index knows of them, and why they were found.
import {
  highlightsOf,
  type MatchingFile,
  type PackageHit,
  parseJson,
  type Query,
  type SearchDocument,
} from '@quilt-mcp/core'
import { matchingFiles } from './matching-files.js'
import type { Meaning } from './meaning.js'
import { numberIn, rowsOf, type SqlRow, textIn } from './rows.js'
import { sql } from './sql.js'

/** The hits of revisions, by their numbers. */
export function packageHits(ids: readonly number[], query: Query, meaning: Meaning): ReadonlyMap<number, PackageHit> {
  const filesOf = matchingFiles(query, meaning)
  const rows = rowsOf(
    meaning.db,
    sql`select r.id, r.name, r.hash, r.pointer, r.modified, r.size, r.entries, r.comment, r.meta, r.workflow, r.first_entry, r.last_entry
      from json_each(${JSON.stringify(ids)}) wanted cross join revision r on r.id = wanted.value`,
  )
  return new Map(
    rows.map((row) => [Number(row[0]), packageHit(row, { query, meaning, files: filesOf(row[10], row[11]) })]),
  )
}

function packageHit(
  row: SqlRow,
  { query, meaning, files }: { query: Query; meaning: Meaning; files: readonly MatchingFile[] },
): PackageHit {
  const [, name, hash, pointer, modified, size, entries, comment, meta, workflow] = row
  const document = {
    bucket: meaning.bucket,
    name: textIn(name) ?? '',
    hash: textIn(hash) ?? '',
    size: Number(size),
    entries: Number(entries),
    ...(typeof modified === 'number' ? { modifiedMs: modified } : {}),
    ...(typeof comment === 'string' ? { comment } : {}),
    ...(typeof meta === 'string' ? { meta: parseJson(meta) } : {}),
    ...(typeof workflow === 'string' ? { workflow } : {}),
    files: files.map(({ logicalKey }) => logicalKey),
  } satisfies SearchDocument
  return {
    kind: 'package',
    bucket: meaning.bucket,
    name: document.name,
    topHash: document.hash,
    pointer: textIn(pointer) ?? 'latest',
    ...(numberIn(modified) === undefined ? {} : { modified: isoOf(modified) }),
    size: document.size,
    entries: document.entries,
    ...(document.comment === undefined ? {} : { comment: document.comment }),
    ...(document.meta === undefined ? {} : { userMeta: document.meta }),
    ...(document.workflow === undefined ? {} : { workflow: document.workflow }),
    matched: highlightsOf(query, document, meaning),
    ...(files.length === 0 ? {} : { files }),
  }
}

export const isoOf = (ms: SqlRow[number] | undefined): string => new Date(Number(ms)).toISOString()
