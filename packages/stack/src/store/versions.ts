// Rows of versions: reading them, and the one place where a version becomes visible.
import type { Db } from './database.js'
import {
  type ChangeCounts,
  type StoredVersion,
  StoreError,
  type UploadedPart,
  type WriteConditions,
} from './object-store.js'
import { type PartRow, partRow, type VersionRow, versionRow } from './tables.js'
import { newVersionId } from './version-id.js'

/** A version as it is about to be inserted. Its id and its place among the key's versions are found by the insertion. */
export interface NewVersion {
  readonly bucket: string
  readonly key: string
  readonly deleteMarker: boolean
  readonly size: number
  readonly etag: string
  readonly contentType: string
  /** JSON of a record. */
  readonly metadata: string
  /** JSON of a record. */
  readonly headers: string
  readonly sha256: string | null
  readonly blob: string | null
  readonly parts: readonly PartRow[]
}

export interface VersionRows {
  /** The named version, or the newest. */
  find(bucket: string, key: string, versionId?: string): VersionRow | undefined
  parts(version: VersionRow): readonly PartRow[]
  /** Checks the conditions and inserts, in one transaction with `also`. */
  insert(version: NewVersion, conditions: WriteConditions, also?: () => void): VersionRow
  /** Removes a row and its parts; the one before it becomes the latest. @returns the blobs that nothing names any more */
  remove(row: VersionRow): readonly string[]
  stored(row: VersionRow): StoredVersion
  /** See {@link ObjectStore.changes}. */
  changes(bucket: string): ChangeCounts
}

/** Reads and writes rows of versions. */
export function versionRows({ db, now }: { readonly db: Db; readonly now: () => Date }): VersionRows {
  const newest = db.prepare('select * from s3_versions where bucket = ? and key = ? order by version_id desc limit 1')
  const named = db.prepare('select * from s3_versions where bucket = ? and key = ? and version_id = ?')
  const partsOf = db.prepare('select * from s3_version_parts where version = ? order by number')
  const demote = db.prepare('update s3_versions set latest = 0 where bucket = ? and key = ? and version_id = ?')
  const promote = db.prepare('update s3_versions set latest = 1 where bucket = ? and key = ? and version_id = ?')
  const insertVersion = db.prepare(
    `insert into s3_versions (bucket, key, version_id, latest, delete_marker, size, etag, modified, content_type, metadata, headers, sha256, blob)
     values (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertPart = db.prepare('insert into s3_version_parts values (?, ?, ?, ?, ?, ?, ?)')
  const deleteVersion = db.prepare('delete from s3_versions where bucket = ? and key = ? and version_id = ?')
  const deleteParts = db.prepare('delete from s3_version_parts where version = ?')
  const addGarbage = db.prepare('insert or ignore into s3_garbage values (?)')

  const find = (bucket: string, key: string, versionId?: string): VersionRow | undefined => {
    const row = versionId === undefined ? newest.get(bucket, key) : named.get(bucket, key, versionId)
    return row === undefined ? undefined : versionRow.parse(row)
  }
  const parts = (version: VersionRow): readonly PartRow[] =>
    version.blob !== null || version.delete_marker === 1
      ? []
      : partsOf.all(version.version_id).map((row) => partRow.parse(row))

  const insert = db.transaction((version: NewVersion, conditions: WriteConditions, also: () => void): VersionRow => {
    const before = find(version.bucket, version.key)
    checkConditions(before, conditions)
    const modified = now().getTime()
    const versionId = newVersionId(modified, before?.version_id)
    if (before !== undefined) demote.run(before.bucket, before.key, before.version_id)
    insertVersion.run(
      version.bucket,
      version.key,
      versionId,
      version.deleteMarker ? 1 : 0,
      version.size,
      version.etag,
      modified,
      version.contentType,
      version.metadata,
      version.headers,
      version.sha256,
      version.blob,
    )
    for (const part of version.parts)
      insertPart.run(versionId, part.number, part.size, part.etag, part.modified, part.sha256, part.blob)
    also()
    return inserted(find(version.bucket, version.key, versionId))
  })

  const remove = db.transaction((row: VersionRow): readonly string[] => {
    const blobs = row.blob === null ? parts(row).map((part) => part.blob) : [row.blob]
    deleteParts.run(row.version_id)
    deleteVersion.run(row.bucket, row.key, row.version_id)
    for (const blob of blobs) addGarbage.run(blob)
    const before = find(row.bucket, row.key)
    if (row.latest === 1 && before !== undefined) promote.run(before.bucket, before.key, before.version_id)
    return blobs
  })

  const stored = (row: VersionRow): StoredVersion => ({
    bucket: row.bucket,
    key: row.key,
    versionId: row.version_id,
    isLatest: row.latest === 1,
    deleteMarker: row.delete_marker === 1,
    size: row.size,
    etag: row.etag,
    modified: new Date(row.modified),
    contentType: row.content_type,
    metadata: row.metadata,
    headers: row.headers,
    ...(row.sha256 !== null && { checksumSha256: row.sha256 }),
    ...(row.blob === null && row.delete_marker === 0 && { partSizes: parts(row).map((part) => part.size) }),
  })

  const counts = new Map<string, ChangeCounts>()
  const changes = (bucket: string): ChangeCounts => counts.get(bucket) ?? { registry: 0, objects: 0 }
  const changed = ({ bucket, key }: { readonly bucket: string; readonly key: string }): void => {
    const { registry, objects } = changes(bucket)
    const isRegistry = key.startsWith('.quilt/')
    counts.set(bucket, { registry: registry + Number(isRegistry), objects: objects + Number(!isRegistry) })
  }

  return {
    find,
    parts,
    insert(version, conditions, also = () => {}) {
      const row = insert(version, conditions, also)
      changed(version)
      return row
    },
    remove(row) {
      const blobs = remove(row)
      changed(row)
      return blobs
    },
    stored,
    changes,
  }
}

/** Checks what a write expects of the key's newest version (undefined: the key never had one).
 * @throws {StoreError} `PreconditionFailed`, `NoSuchKey` */
export function checkConditions(newest: VersionRow | undefined, { ifNoneMatch, ifMatch }: WriteConditions): void {
  const current = newest?.delete_marker === 1 ? undefined : newest
  if (ifNoneMatch !== undefined && current !== undefined)
    throw new StoreError('PreconditionFailed', 'the key has a current version')
  if (ifMatch === undefined) return
  if (current === undefined) throw new StoreError('NoSuchKey', 'the key has no current version to match')
  if (current.etag !== ifMatch) throw new StoreError('PreconditionFailed', 'the current version has another etag')
}

/** A part as clients see it. */
export const uploadedPart = (row: PartRow): UploadedPart => ({
  partNumber: row.number,
  etag: row.etag,
  size: row.size,
  modified: new Date(row.modified),
  ...(row.sha256 !== null && { checksumSha256: row.sha256 }),
})

function inserted(row: VersionRow | undefined): VersionRow {
  if (row === undefined) throw new StoreError('InternalError', 'a version is gone in the transaction that wrote it')
  return row
}
