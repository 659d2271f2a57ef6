// Where a package registry is kept: the root of a bucket, or a directory (formats.md 1.1). Bytes under keys, and nothing of Quilt.
import type { CallOptions } from '../../call-options.js'
import type { ByteRange } from '../../objects/port.js'

/** What is known of stored bytes without reading them. */
export interface StoredInfo {
  /** Length in bytes. */
  readonly size: number
  /** Changes whenever the bytes do; without quotes. */
  readonly etag: string
  /** ISO-8601, UTC. */
  readonly modified: string
  /** Absent where the store keeps no versions. */
  readonly versionId?: string
}

/** Stored bytes; leaving the loop closes the request. */
export interface StoredBytes extends StoredInfo {
  readonly body: AsyncIterable<Uint8Array>
}

export interface ListedKey extends Pick<StoredInfo, 'size' | 'modified'> {
  /** Raw, from the root of the registry. */
  readonly key: string
  /** Absent where a list does not tell. */
  readonly etag?: string
}

export interface ReadStoredOptions extends CallOptions {
  readonly range?: ByteRange | undefined
  /** Throw `conflict` when the bytes are no longer these. */
  readonly ifMatch?: string | undefined
}

export interface WriteStoredOptions extends CallOptions {
  /** Throw `conflict` unless: there are no bytes yet (`null`), or those with this etag. Absent: write whatever is there. */
  readonly expected?: string | null | undefined
}

/** One registry. Keys are raw and begin with no slash. Errors are `QuiltError`s that name the place by its URL. */
export interface RegistryStore {
  /** `s3://bucket` or `file:///path`, without trailing slash. */
  readonly url: string
  /** Undefined when there are none.
   * @throws {QuiltError} `forbidden` when that cannot be told: without ListBucket S3 says 403 for a missing key too */
  info(key: string, options?: CallOptions): Promise<StoredInfo | undefined>
  /** Undefined when there are none. */
  read(key: string, options?: ReadStoredOptions): Promise<StoredBytes | undefined>
  /** Writes all or nothing: who reads sees the old bytes or the new ones. `expected` is decided by the store itself, without a race.
   * @param bytes a stream must be of `size` bytes; the promise rejects, and nothing is written, when it is not
   * @throws {QuiltError} `conflict` when `expected` does not hold */
  write(key: string, bytes: Uint8Array | StreamedBytes, options?: WriteStoredOptions): Promise<StoredInfo>
  /** All keys that begin with the prefix, in the order of their UTF-8 bytes, in batches. */
  list(
    prefix: string,
    options?: CallOptions & { readonly after?: string | undefined },
  ): AsyncIterable<readonly ListedKey[]>
  /** The names one level below a prefix that ends in `/` or is empty, in batches: `a/` for what lies deeper. */
  children(prefix: string, options?: CallOptions): AsyncIterable<readonly string[]>
  /** Removes the bytes; harmless when there are none. (On a versioned bucket: a delete marker.) `expected` as for `write`, where the store can. */
  remove(key: string, options?: WriteStoredOptions): Promise<void>
}

export interface StreamedBytes {
  readonly size: number
  readonly body: AsyncIterable<Uint8Array>
}
