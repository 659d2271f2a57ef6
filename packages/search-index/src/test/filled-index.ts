// An index in memory, filled by hand with what a catalogue holds: what searching is held against the meaning of queries with.
import {
  encodeJson,
  fileExtension,
  foldText,
  isJsonObject,
  type Json,
  metaValues,
  metaWordsText,
  type SearchDocument,
  type SearchHit,
  searchWords,
} from '@quilt-mcp/core'
import Database from 'libsql'
import type { BucketIndex } from '../bucket-index.js'
import { tables } from '../schema.js'

export interface CatalogueFile {
  readonly key: string
  readonly size: number
  readonly meta?: Json
}

export interface CatalogueRevision {
  readonly name: string
  readonly hash: string
  readonly modifiedMs?: number
  readonly comment?: string
  readonly meta?: Json
  readonly workflow?: string
  readonly isLatest: boolean
  readonly files: readonly CatalogueFile[]
}

export interface CatalogueObject {
  readonly key: string
  readonly size: number
  readonly modifiedMs: number
  readonly content?: string
}

export interface Catalogue {
  readonly bucket: string
  readonly revisions: readonly CatalogueRevision[]
  readonly objects: readonly CatalogueObject[]
}

const words = (text: string): string => searchWords(text).join(' ')
const foldedOf = (text: string): string | null => (foldText(text) === text ? null : foldText(text))
const extensionWord = (key: string): string => {
  const ext = fileExtension(key) ?? ''
  return words(ext) === ext ? ext : ''
}
const baseOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)

/** Makes the index. Close it when the test is over. */
export function filledIndex({ bucket, revisions, objects }: Catalogue): BucketIndex {
  const db = new Database(':memory:')
  db.exec(tables)
  const run = (sql: string, ...values: readonly (string | number | null)[]) => db.prepare(sql).run(...values)
  const addValues = (table: 'revision_value' | 'entry_value', owner: number, meta: Json | undefined): void => {
    for (const [place, { path, type, number, text }] of metaValues(meta).entries()) {
      const stored = text === undefined ? null : type === 'text' ? words(text) : foldText(text)
      run(
        `insert into ${table} values (cast(? as integer), ?, ?, ?, ?, ?)`,
        owner,
        place,
        path,
        type,
        number ?? null,
        stored,
      )
    }
  }
  const addWords = (table: string, columns: string, rowid: number, ...texts: readonly string[]): void => {
    run(
      `insert into ${table} (rowid, ${columns}) values (cast(? as integer)${', ?'.repeat(texts.length)})`,
      rowid,
      ...texts,
    )
    const named = texts.flatMap((text) => text.split(' ')).filter((word) => /\D/.test(word))
    run('insert or ignore into word select value from json_each(?)', JSON.stringify(named))
  }
  let entryId = 0
  for (const [index, revision] of revisions.entries()) {
    const id = index + 1
    const { name, hash, comment, meta, workflow, files, modifiedMs, isLatest } = revision
    const first = isLatest && files.length > 0 ? entryId + 1 : null
    run(
      `insert into revision (id, package, name, folded, hash, pointer, is_latest, modified, comment, meta, workflow, folded_workflow, size,
         entries, first_entry, last_entry)
       values (cast(? as integer), 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as integer), cast(? as integer))`,
      id,
      name,
      foldedOf(name),
      hash,
      isLatest ? 'latest' : '1700000000',
      Number(isLatest),
      modifiedMs ?? null,
      comment ?? null,
      meta === undefined ? null : encodeJson(meta),
      workflow ?? null,
      workflow === undefined ? null : foldedOf(workflow),
      files.reduce((sum, { size }) => sum + size, 0),
      files.length,
      first,
      first === null ? null : entryId + files.length,
    )
    addValues('revision_value', id, meta)
    addWords(
      'revision_words',
      'name, comment, meta, workflow',
      id * 2 ** 20,
      words(name),
      words(comment ?? ''),
      words(metaWordsText(meta)),
      words(workflow ?? ''),
    )
    if (!isLatest) continue
    const extensions = new Map<string, number>()
    const fileWords = [...new Set(files.flatMap(({ key }) => searchWords(key)))].join(' ')
    addWords('revision_words', 'files', id * 2 ** 20 + 1, fileWords)
    for (const { key, size, meta: own } of files) {
      entryId += 1
      const ext = fileExtension(key)
      run(
        'insert into entry values (cast(? as integer), cast(? as integer), ?, ?, ?, ?, ?)',
        entryId,
        id,
        key,
        foldedOf(key),
        ext ?? null,
        size,
        Number(isJsonObject(own) && own.size > 0),
      )
      const rest = [`s3://${bucket}/${key}`, own === undefined ? null : encodeJson(own)]
      run('insert into entry_rest values (cast(? as integer), ?)', entryId, JSON.stringify([rest]))
      if (ext !== undefined) extensions.set(ext, (extensions.get(ext) ?? 0) + 1)
      addValues('entry_value', entryId, own)
      const meant = [words(key), words(baseOf(key)), extensionWord(key), words(metaWordsText(own))]
      addWords('entry_words', 'key, base, ext, meta', entryId, ...meant)
    }
    for (const [ext, count] of extensions)
      run('insert into entry_ext values (cast(? as integer), ?, ?)', id, ext, count)
  }
  for (const [index, { key, size, modifiedMs, content }] of objects.entries()) {
    run(
      'insert into object values (cast(? as integer), ?, ?, ?, ?, ?, null, ?, ?)',
      index + 1,
      key,
      foldedOf(key),
      fileExtension(key) ?? null,
      size,
      modifiedMs,
      Number(content !== undefined && content !== ''),
      'stamp',
    )
    const meant = [words(key), words(baseOf(key)), extensionWord(key), words(content ?? '')]
    addWords('object_words', 'key, base, ext, content', index + 1, ...meant)
  }
  return {
    bucket,
    db,
    refreshPackages: async () => complete,
    refreshObjects: async () => complete,
    state: () => complete,
    discard: () => db.close(),
    close: () => db.close(),
  }
}

const complete = { packagesAtMs: 0, objectsAtMs: 0, revisionsToCome: 0, unreadable: [] }

/** What can be found in a catalogue, as the meaning of queries sees it. Ids tell hits and documents apart. */
export function documentsOf({ bucket, revisions, objects }: Catalogue) {
  const packages = revisions.map(
    (revision, at): FoundDocument => ({
      at,
      id: `${bucket} ${revision.name}@${revision.hash}`,
      isLatest: revision.isLatest,
      document: {
        bucket,
        ...headerOf(revision),
        meta: revision.meta ?? null,
        size: revision.files.reduce((sum, { size }) => sum + size, 0),
        entries: revision.files.length,
        files: revision.isLatest ? revision.files.map(({ key }) => key) : [],
      },
    }),
  )
  const entries = revisions.flatMap((revision) =>
    (revision.isLatest ? revision.files : []).map(
      ({ key, size, meta }, at): FoundDocument => ({
        at,
        id: `${bucket} ${revision.name} ${key}`,
        isLatest: true,
        document: { bucket, ...headerOf(revision), key, size, meta: meta ?? null },
      }),
    ),
  )
  const stored = objects.map(
    (object, at): FoundDocument => ({
      at,
      id: `${bucket} ${object.key}`,
      isLatest: true,
      document: { bucket, ...object, deleted: false },
    }),
  )
  return { packages, entries, objects: stored }
}

export interface FoundDocument {
  /** As `idOf` says of its hit. */
  readonly id: string
  /** Place among all of its kind in the catalogue. */
  readonly at: number
  readonly isLatest: boolean
  readonly document: SearchDocument
}

function headerOf({ name, hash, modifiedMs, comment, workflow }: CatalogueRevision): SearchDocument {
  return {
    name,
    hash,
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
    ...(comment === undefined ? {} : { comment }),
    ...(workflow === undefined ? {} : { workflow }),
  }
}

/** What tells a hit from the others. */
export function idOf(hit: SearchHit): string {
  if (hit.kind === 'package') return `${hit.bucket} ${hit.name}@${hit.topHash}`
  return hit.kind === 'entry' ? `${hit.bucket} ${hit.name} ${hit.logicalKey}` : `${hit.bucket} ${hit.key}`
}
