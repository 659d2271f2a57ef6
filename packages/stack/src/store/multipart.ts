// Multipart uploads: parts are blobs of their own, and completing an upload only names them, in order.
import { createHash, randomBytes } from 'node:crypto'
import type { BlobFolder } from './blobs.js'
import type { Db } from './database.js'
import {
  type CompletedPart,
  type ObjectDescription,
  type ObjectStore,
  StoreError,
  type Upload,
  type WriteConditions,
} from './object-store.js'
import { type PartRow, partRow, type UploadRow, uploadRow } from './tables.js'
import { uploadedPart, type VersionRows } from './versions.js'

const smallestPartBytes = 5 * 1024 * 1024
const largestPartNumber = 10_000

type Uploads = Pick<
  ObjectStore,
  'createUpload' | 'upload' | 'uploads' | 'putPart' | 'parts' | 'completeUpload' | 'abortUpload'
>

export interface UploadsDeps {
  readonly db: Db
  readonly blobs: BlobFolder
  readonly versions: VersionRows
  readonly now: () => Date
  /** @throws {StoreError} when the bucket is unknown or the key cannot be one */
  readonly checkPlace: (bucket: string, key: string) => void
  /** Removes blobs that are listed as garbage. */
  readonly sweep: (blobs: readonly string[]) => void
}

/** The multipart half of an ObjectStore. */
export function multipartUploads({ db, blobs, versions, now, checkPlace, sweep }: UploadsDeps): Uploads {
  const insertUpload = db.prepare('insert into s3_uploads values (?, ?, ?, ?, ?, ?, ?, ?)')
  const findUpload = db.prepare('select * from s3_uploads where id = ?')
  const uploadsOf = db.prepare('select * from s3_uploads where bucket = ? order by key, initiated')
  const deleteUpload = db.prepare('delete from s3_uploads where id = ?')
  const findPart = db.prepare('select * from s3_upload_parts where upload = ? and number = ?')
  const partsOf = db.prepare('select * from s3_upload_parts where upload = ? order by number')
  const replacePart = db.prepare('insert or replace into s3_upload_parts values (?, ?, ?, ?, ?, ?, ?)')
  const deleteParts = db.prepare('delete from s3_upload_parts where upload = ?')
  const addGarbage = db.prepare('insert or ignore into s3_garbage values (?)')

  const known = (uploadId: string): UploadRow => {
    const row = findUpload.get(uploadId)
    if (row === undefined)
      throw new StoreError('NoSuchUpload', 'the upload does not exist: it may have been completed or aborted')
    return uploadRow.parse(row)
  }
  const partRows = (uploadId: string): readonly PartRow[] => partsOf.all(uploadId).map((row) => partRow.parse(row))

  /** Ends an upload: its rows go, and parts that no version took become garbage. */
  const end = (uploadId: string, kept: ReadonlySet<string>): readonly string[] => {
    const dropped = partRows(uploadId)
      .map((part) => part.blob)
      .filter((blob) => !kept.has(blob))
    for (const blob of dropped) addGarbage.run(blob)
    deleteParts.run(uploadId)
    deleteUpload.run(uploadId)
    return dropped
  }
  const endNow = db.transaction((uploadId: string) => end(uploadId, new Set()))

  const keepPart = db.transaction((uploadId: string, part: PartRow): readonly string[] => {
    known(uploadId) // it may have ended while the part's bytes came
    const before = findPart.get(uploadId, part.number)
    const replaced = before === undefined ? [] : [partRow.parse(before).blob]
    for (const blob of replaced) addGarbage.run(blob)
    replacePart.run(uploadId, part.number, part.size, part.etag, part.modified, part.sha256, part.blob)
    return replaced
  })

  return {
    createUpload(input: ObjectDescription) {
      checkPlace(input.bucket, input.key)
      const id = randomBytes(32).toString('base64url')
      insertUpload.run(
        id,
        input.bucket,
        input.key,
        input.contentType ?? 'application/octet-stream',
        JSON.stringify(input.metadata ?? {}),
        JSON.stringify(input.headers ?? {}),
        input.sha256 === true ? 1 : 0,
        now().getTime(),
      )
      return id
    },

    upload(uploadId) {
      const row = findUpload.get(uploadId)
      return row === undefined ? undefined : uploadOf(uploadRow.parse(row))
    },

    uploads: (bucket, prefix = '') =>
      uploadsOf
        .all(bucket)
        .map((row) => uploadOf(uploadRow.parse(row)))
        .filter((upload) => upload.key.startsWith(prefix)),

    async putPart(uploadId, partNumber, body, expectedSha256) {
      const upload = known(uploadId)
      if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > largestPartNumber)
        throw new StoreError('InvalidArgument', `part numbers are 1 to ${largestPartNumber}`)
      const blob = await blobs.write(body, { sha256: upload.sha256 === 1 || expectedSha256 !== undefined })
      const part: PartRow = {
        number: partNumber,
        size: blob.size,
        etag: blob.md5,
        modified: now().getTime(),
        sha256: upload.sha256 === 1 ? (blob.sha256 ?? null) : null,
        blob: blob.name,
      }
      try {
        if (expectedSha256 !== undefined && blob.sha256 !== expectedSha256)
          throw new StoreError('BadDigest', 'the SHA-256 of the part is not the one that was announced')
        sweep(keepPart(uploadId, part))
      } catch (error) {
        blobs.discard(blob.name)
        throw error
      }
      return uploadedPart(part)
    },

    parts(uploadId) {
      known(uploadId)
      return partRows(uploadId).map(uploadedPart)
    },

    async completeUpload(uploadId, named, conditions: WriteConditions = {}) {
      const upload = known(uploadId)
      checkPlace(upload.bucket, upload.key)
      const parts = chosenParts(partRows(uploadId), named)
      const kept = new Set(parts.map((part) => part.blob))
      let dropped: readonly string[] = []
      const row = versions.insert(
        {
          bucket: upload.bucket,
          key: upload.key,
          deleteMarker: false,
          size: parts.reduce((sum, part) => sum + part.size, 0),
          etag: `${digestOfDigests('md5', 'hex', parts)}-${parts.length}`,
          contentType: upload.content_type,
          metadata: upload.metadata,
          headers: upload.headers,
          sha256: upload.sha256 === 1 ? `${digestOfDigests('sha256', 'base64', parts)}-${parts.length}` : null,
          blob: null,
          parts: parts.map((part, index) => ({ ...part, number: index + 1 })),
        },
        conditions,
        () => {
          dropped = end(uploadId, kept)
        },
      )
      sweep(dropped)
      return versions.stored(row)
    },

    abortUpload(uploadId) {
      known(uploadId)
      sweep(endNow(uploadId))
    },
  }
}

const uploadOf = (row: UploadRow): Upload => ({
  uploadId: row.id,
  bucket: row.bucket,
  key: row.key,
  sha256: row.sha256 === 1,
  initiated: new Date(row.initiated),
})

/** The rows of the parts a client named, checked as S3 does. */
function chosenParts(rows: readonly PartRow[], named: readonly CompletedPart[]): readonly PartRow[] {
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  if (named.length === 0) throw new StoreError('InvalidPart', 'an upload is completed with at least one part')
  let before = 0
  const chosen = named.map(({ partNumber, etag }) => {
    if (partNumber <= before) throw new StoreError('InvalidPartOrder', 'the parts are not in ascending order')
    before = partNumber
    const row = byNumber.get(partNumber)
    if (row === undefined) throw new StoreError('InvalidPart', `part ${partNumber} was not uploaded`)
    if (row.etag !== etag) throw new StoreError('InvalidPart', `part ${partNumber} has another etag`)
    return row
  })
  const small = chosen.slice(0, -1).find((row) => row.size < smallestPartBytes)
  if (small !== undefined)
    throw new StoreError('EntityTooSmall', `part ${small.number} has ${small.size} bytes; all but the last need 5 MiB`)
  return chosen
}

/** S3's digest of a composite object: the digest of its parts' digests, as bytes (formats.md 4.4). */
function digestOfDigests(algorithm: 'md5' | 'sha256', encoding: 'hex' | 'base64', parts: readonly PartRow[]): string {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(Buffer.from((algorithm === 'md5' ? part.etag : part.sha256) ?? '', encoding))
  return hash.digest(encoding)
}
