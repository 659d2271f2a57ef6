// The ObjectStore: bytes in files, rows in SQLite. A row is inserted only after its bytes are on disk under their final name,
// so whatever is visible is whole.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openBlobFolder } from './blobs.js'
import type { Db } from './database.js'
import { lockFolder } from './folder-lock.js'
import { newGeneration } from './generations.js'
import { endOf, type Position, startOf, walk } from './listing.js'
import { multipartUploads } from './multipart.js'
import { type ObjectStore, type StoredVersion, StoreError } from './object-store.js'
import { createStoreTables, type VersionRow, versionRow } from './tables.js'
import { checkConditions, type NewVersion, uploadedPart, versionRows } from './versions.js'

const longestKeyBytes = 1024
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

export interface DiskStoreDeps {
  /** The stack's database. The store creates its own tables in it, and does not close it. */
  readonly db: Db
  /** The stack's data folder: bytes go to `<dataDir>/objects`. */
  readonly dataDir: string
  readonly now?: () => Date
}

/** Opens the objects of a data folder, and removes what an interrupted run left.
 * @throws {QuiltError} `conflict` when another process has the folder open */
export function openDiskStore({ db, dataDir, now = () => new Date() }: DiskStoreDeps): ObjectStore {
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockFolder(dataDir)
  createStoreTables(db)
  const generation = newGeneration(db)
  const blobs = openBlobFolder(join(dataDir, 'objects'), generation.name)
  generation.recover(blobs)
  const versions = versionRows({ db, now })
  const sweep = (names: readonly string[]): void => generation.sweep(blobs, names)
  let writing = 0

  const insertBucket = db.prepare('insert or ignore into s3_buckets values (?, ?)')
  const findBucket = db.prepare('select created from s3_buckets where name = ?')
  const allBuckets = db.prepare('select name from s3_buckets order by name')
  const currentFrom = db.prepare(
    'select * from s3_versions where bucket = ? and key >= ? and key < ? and latest = 1 and delete_marker = 0 order by key limit ?',
  )
  const currentAfter = db.prepare(
    'select * from s3_versions where bucket = ? and key > ? and key < ? and latest = 1 and delete_marker = 0 order by key limit ?',
  )
  const allFrom = db.prepare(
    'select * from s3_versions where bucket = ? and key >= ? and key < ? order by key, version_id desc limit ?',
  )
  const allAfter = db.prepare(
    'select * from s3_versions where bucket = ? and key > ? and key < ? order by key, version_id desc limit ?',
  )
  const olderOfKey = db.prepare(
    'select * from s3_versions where bucket = ? and key = ? and version_id < ? order by version_id desc limit ?',
  )

  const requireBucket = (bucket: string): void => {
    if (findBucket.get(bucket) === undefined) throw new StoreError('NoSuchBucket', `there is no bucket ${bucket}`)
  }
  const checkPlace = (bucket: string, key: string): void => {
    requireBucket(bucket)
    checkKey(key)
  }
  const parsed = (rows: readonly unknown[]): readonly VersionRow[] => rows.map((row) => versionRow.parse(row))

  const uploads = multipartUploads({ db, blobs, versions, now, checkPlace, sweep })

  /** Counts writes that are under way: a close in their midst leaves the run to be checked at the next start. */
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    writing += 1
    try {
      return await work()
    } finally {
      writing -= 1
    }
  }

  return {
    ...uploads,
    putPart: (...args) => counted(() => uploads.putPart(...args)),

    createBucket(name) {
      if (!bucketName.test(name) || name.includes('..'))
        throw new StoreError('InvalidBucketName', `${name} is not a bucket name: 3 to 63 of a-z, 0-9, dot and dash`)
      insertBucket.run(name, now().getTime())
    },
    bucketNames: () => allBuckets.all().map((row) => z.object({ name: z.string() }).parse(row).name),
    bucketCreated(name) {
      const row = findBucket.get(name)
      return row === undefined ? undefined : new Date(z.object({ created: z.number() }).parse(row).created)
    },
    hasBucket: (name) => findBucket.get(name) !== undefined,

    put: (input) =>
      counted(async () => {
        checkPlace(input.bucket, input.key)
        checkConditions(versions.find(input.bucket, input.key), input)
        const blob = await blobs.write(input.body, {
          sha256: input.sha256 === true || input.expectedSha256 !== undefined,
        })
        try {
          if (input.expectedSha256 !== undefined && blob.sha256 !== input.expectedSha256)
            throw new StoreError('BadDigest', 'the SHA-256 of the body is not the one that was announced')
          const row = versions.insert(
            {
              bucket: input.bucket,
              key: input.key,
              deleteMarker: false,
              size: blob.size,
              etag: blob.md5,
              contentType: input.contentType ?? 'application/octet-stream',
              metadata: JSON.stringify(input.metadata ?? {}),
              headers: JSON.stringify(input.headers ?? {}),
              sha256: blob.sha256 ?? null,
              blob: blob.name,
              parts: [],
            },
            input,
          )
          return versions.stored(row)
        } catch (error) {
          blobs.discard(blob.name)
          throw error
        }
      }),

    head(bucket, key, versionId) {
      const row = versions.find(bucket, key, versionId)
      return row === undefined ? undefined : versions.stored(row)
    },

    async *read(version, range) {
      const row = versions.find(version.bucket, version.key, version.versionId)
      if (row === undefined) throw new StoreError('NoSuchVersion', 'the version was removed')
      const { first, last } = range ?? { first: 0, last: row.size - 1 }
      let offset = 0
      const pieces = row.blob === null ? versions.parts(row) : [{ blob: row.blob, size: row.size }]
      for (const { blob, size } of pieces) {
        yield* blobs.read(blob, Math.max(first - offset, 0), Math.min(last - offset, size - 1))
        offset += size
      }
    },

    remove(bucket, key, versionId) {
      checkPlace(bucket, key)
      if (versionId === undefined) {
        const row = versions.insert(deleteMarkerOf(bucket, key), {})
        return { versionId: row.version_id, deleteMarker: true }
      }
      const row = versions.find(bucket, key, versionId)
      if (row === undefined) return { versionId, deleteMarker: false } // S3, too, is silent about a version that is gone
      sweep(versions.remove(row))
      return { versionId, deleteMarker: row.delete_marker === 1 }
    },

    list(bucket, input) {
      requireBucket(bucket)
      const start = startOf(input)
      if (start === undefined) return { versions: [], commonPrefixes: [] }
      const end = endOf(input)
      const { rows, commonPrefixes, last } = walk<VersionRow>(
        input,
        start,
        (from, limit) => parsed((from.inclusive ? currentFrom : currentAfter).all(bucket, from.key, end, limit)),
        (row) => ({ key: row.key, inclusive: false }),
      )
      return {
        versions: rows.map(versions.stored),
        commonPrefixes,
        ...(last !== undefined && { next: typeof last === 'string' ? last : last.key }),
      }
    },

    listVersions(bucket, input) {
      requireBucket(bucket)
      const start = startOf(input, input.versionIdMarker)
      if (start === undefined) return { versions: [], commonPrefixes: [] }
      const end = endOf(input)
      const read = (from: Position, limit: number): readonly VersionRow[] => {
        if (from.inclusive) return parsed(allFrom.all(bucket, from.key, end, limit))
        const older = from.olderThan === undefined ? [] : olderOfKey.all(bucket, from.key, from.olderThan, limit)
        return parsed([...older, ...allAfter.all(bucket, from.key, end, limit - older.length)])
      }
      const { rows, commonPrefixes, last } = walk<VersionRow>(input, start, read, (row) => ({
        key: row.key,
        inclusive: false,
        olderThan: row.version_id,
      }))
      return {
        versions: rows.map(versions.stored),
        commonPrefixes,
        ...(last !== undefined &&
          (typeof last === 'string' ? { next: last } : { next: last.key, nextVersionIdMarker: last.version_id })),
      }
    },

    versionParts(version: StoredVersion) {
      const row = versions.find(version.bucket, version.key, version.versionId)
      return row === undefined ? [] : versions.parts(row).map(uploadedPart)
    },

    changes: versions.changes,

    close() {
      if (writing === 0) generation.closeClean()
      unlock()
    },
  }
}

const deleteMarkerOf = (bucket: string, key: string): NewVersion => ({
  bucket,
  key,
  deleteMarker: true,
  size: 0,
  etag: '',
  contentType: '',
  metadata: '{}',
  headers: '{}',
  sha256: null,
  blob: null,
  parts: [],
})

function checkKey(key: string): void {
  const bytes = Buffer.from(key)
  if (bytes.length > longestKeyBytes)
    throw new StoreError('KeyTooLongError', `a key has at most ${longestKeyBytes} bytes`)
  if (key === '' || key.includes('\0') || bytes.toString() !== key)
    throw new StoreError('InvalidArgument', 'a key is well-formed text without NUL, at least one character')
}
