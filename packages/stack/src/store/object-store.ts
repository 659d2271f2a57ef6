// What S3, GraphQL and browse ask of the objects on disk. Always versioned: nothing is ever overwritten.
// Knows nothing of callers: who may do what is checked by the caller of this (identity/policy.ts).

/** One version of one object, or a delete marker. */
export interface StoredVersion {
  readonly bucket: string
  readonly key: string
  readonly versionId: string
  readonly isLatest: boolean
  readonly deleteMarker: boolean
  /** Bytes. 0 for a delete marker. */
  readonly size: number
  /** Without quotes: MD5 hex, `-<parts>` appended after a multipart upload. */
  readonly etag: string
  readonly modified: Date
  readonly contentType: string
  /** User metadata: names in lower case, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** What else HTTP answers with: `cache-control`, `content-disposition`, `content-encoding`, `content-language`, `expires`. */
  readonly headers: Readonly<Record<string, string>>
  /** Base64 SHA-256 that S3 would report, `-<parts>` appended when composite. Absent when the upload asked for none. */
  readonly checksumSha256?: string
  /** Sizes of the parts of a multipart upload, in order. Absent for a single put. */
  readonly partSizes?: readonly number[]
}

/** What a write expects of the key at the moment it becomes visible. */
export interface WriteConditions {
  /** `*`: fails with `PreconditionFailed` when the key has a current version. */
  readonly ifNoneMatch?: '*' | undefined
  /** Fails with `PreconditionFailed` when the current version's etag differs, with `NoSuchKey` when there is none. */
  readonly ifMatch?: string | undefined
}

/** What is known of an object before its bytes come. */
export interface ObjectDescription {
  readonly bucket: string
  readonly key: string
  /** Default `application/octet-stream`. */
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** See {@link StoredVersion.headers}. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Compute and keep the SHA-256: of the whole body, or of each part of a multipart upload. */
  readonly sha256?: boolean | undefined
}

export interface PutObjectInput extends ObjectDescription, WriteConditions {
  readonly body: AsyncIterable<Uint8Array> | Uint8Array
  /** Base64; the put fails with `BadDigest` and leaves nothing when the body's SHA-256 differs. */
  readonly expectedSha256?: string | undefined
}

export interface ListInput {
  readonly prefix?: string | undefined
  readonly delimiter?: string | undefined
  /** Keys after this one, by UTF-8 bytes. */
  readonly startAfter?: string | undefined
  /** 1 to 1,000. */
  readonly maxKeys: number
}

interface ListResult {
  readonly versions: readonly StoredVersion[]
  readonly commonPrefixes: readonly string[]
  /** Pass as `startAfter` for the next page. Absent at the end. */
  readonly next?: string
}

interface ListVersionsInput extends ListInput {
  /** With `startAfter` as the key marker: versions after this one. */
  readonly versionIdMarker?: string | undefined
}

interface ListVersionsResult extends ListResult {
  readonly nextVersionIdMarker?: string
}

export interface UploadedPart {
  /** 1 to 10,000. */
  readonly partNumber: number
  /** MD5 hex, without quotes. */
  readonly etag: string
  readonly size: number
  /** Base64; present when the upload asked for SHA-256. */
  readonly checksumSha256?: string
  readonly modified: Date
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string
  readonly bucket: string
  readonly key: string
  /** Whether the upload asked for SHA-256. */
  readonly sha256: boolean
  readonly initiated: Date
}

/** A part as the client names it when it completes an upload. */
export interface CompletedPart {
  readonly partNumber: number
  readonly etag: string
}

/** How often the objects of a bucket have changed. */
export interface ChangeCounts {
  /** Of a registry's own: pointers, manifests, configs. */
  readonly registry: number
  readonly objects: number
}

/** The names of a store's failures: S3's own error codes. */
export type StoreErrorCode =
  | 'BadDigest'
  | 'EntityTooSmall'
  | 'InternalError'
  | 'InvalidArgument'
  | 'InvalidBucketName'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'KeyTooLongError'
  | 'MethodNotAllowed'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchUpload'
  | 'NoSuchVersion'
  | 'PreconditionFailed'

/** A failure that S3 has a name for. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The objects of a stack. A put is on disk, whole, before it is visible; `kill -9` at any moment leaves the old or the new state. */
export interface ObjectStore {
  /** Does nothing when the bucket exists. @throws {StoreError} `InvalidBucketName` */
  createBucket(name: string): void
  bucketNames(): readonly string[]
  /** When a bucket was created; undefined when there is none of that name. */
  bucketCreated(name: string): Date | undefined
  hasBucket(name: string): boolean
  /** @throws {StoreError} `NoSuchBucket`, `InvalidArgument`, `KeyTooLongError`, `BadDigest`, `PreconditionFailed`; and whatever the body throws. Nothing is left then. */
  put(input: PutObjectInput): Promise<StoredVersion>
  /** The named version, or the current one. Undefined when there is none; a delete marker is returned as such. */
  head(bucket: string, key: string, versionId?: string): StoredVersion | undefined
  /** The bytes from `first` to `last`, both included. Default: all. */
  read(version: StoredVersion, range?: { readonly first: number; readonly last: number }): AsyncIterable<Uint8Array>
  /** Without a version id: writes a delete marker. With one: removes that version for good. */
  remove(
    bucket: string,
    key: string,
    versionId?: string,
  ): { readonly versionId: string; readonly deleteMarker: boolean }
  /** Current versions, no delete markers, by UTF-8 bytes of the key. */
  list(bucket: string, input: ListInput): ListResult
  /** All versions and delete markers: by key, the newest first. */
  listVersions(bucket: string, input: ListVersionsInput): ListVersionsResult
  /** The parts that made a version, in order. Empty for a single put. */
  versionParts(version: StoredVersion): readonly UploadedPart[]
  /** @returns the upload's id */
  createUpload(input: ObjectDescription): string
  upload(uploadId: string): Upload | undefined
  /** By key, then by start. */
  uploads(bucket: string, prefix?: string): readonly Upload[]
  /** Replaces a part of the same number. @throws {StoreError} `NoSuchUpload`, `InvalidArgument`, `BadDigest` */
  putPart(
    uploadId: string,
    partNumber: number,
    body: AsyncIterable<Uint8Array>,
    expectedSha256?: string,
  ): Promise<UploadedPart>
  /** By part number. @throws {StoreError} `NoSuchUpload` */
  parts(uploadId: string): readonly UploadedPart[]
  /** @throws {StoreError} `NoSuchUpload`, `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `PreconditionFailed` */
  completeUpload(
    uploadId: string,
    parts: readonly CompletedPart[],
    conditions?: WriteConditions,
  ): Promise<StoredVersion>
  abortUpload(uploadId: string): void
  /** Counts the changes of a bucket's objects since the store was opened: of those whose keys begin with `.quilt/`, and of all others.
   * What was read after a number was seen holds all that it counts. */
  changes(bucket: string): ChangeCounts
  /** Ends the use of the folder. A store that was not closed (`kill -9`) is checked and swept when it is opened again. */
  close(): void
}
