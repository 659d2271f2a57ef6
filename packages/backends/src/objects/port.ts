// What can be asked of the objects in buckets, whichever backend answers.
import type { ObjectHash } from '@quilt-mcp/core'
import type { CallOptions, Page, PageOptions } from '../call-options.js'

/** One version of one object. */
export interface ObjectLocation {
  readonly bucket: string
  /** Raw key, never quoted. */
  readonly key: string
  /** Absent: the current version. */
  readonly versionId?: string | undefined
}

export interface ObjectListItem {
  readonly key: string
  readonly size: number
  /** ISO-8601, UTC. */
  readonly modified: string
  /** Without quotes. Absent where a list does not tell. */
  readonly etag?: string
}

export interface ObjectInfo extends ObjectLocation {
  readonly size: number
  /** ISO-8601, UTC. Absent where the source does not tell. */
  readonly modified?: string
  readonly contentType?: string
  /** Without quotes. */
  readonly etag?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** First and last byte wanted, both included. `last` absent: to the end. */
export interface ByteRange {
  readonly first: number
  readonly last?: number
}

export interface ObjectBody extends ObjectInfo {
  /** The bytes. Leaving the loop closes the request. */
  readonly body: AsyncIterable<Uint8Array>
  /** Which bytes `body` holds, when a range was asked for. */
  readonly range?: ByteRange
}

export interface ReadObjectOptions extends CallOptions {
  /** Default: all of it. */
  readonly range?: ByteRange | undefined
  /** ETag, without quotes, that the object must still have. */
  readonly ifMatch?: string | undefined
}

export interface ListObjectsOptions extends PageOptions {
  readonly prefix?: string | undefined
  /** List the whole tree below the prefix instead of one level. Default false. */
  readonly recursive?: boolean | undefined
}

export interface ListKeysOptions extends CallOptions {
  /** What keys begin with; a `/` at its end belongs to it. Default: the whole bucket. */
  readonly prefix?: string | undefined
}

export interface PutOptions extends CallOptions {
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Refuse with `conflict` when the key exists. Default false. */
  readonly ifAbsent?: boolean | undefined
  /** Refuse with `conflict` unless the object there has this ETag, without quotes. */
  readonly ifMatch?: string | undefined
}

/** Bytes that are not in memory, and can be read again from any place: a file of this machine. */
export interface ContentSource {
  /** Bytes. */
  readonly size: number
  /** Tells these bytes from others without reading them (path, size, time of change). Absent: an upload that broke off is not continued. */
  readonly fingerprint?: string
  open(): Promise<OpenContent>
}

export interface OpenContent {
  /** Fills the buffer with the bytes from `start` on. Calls may overlap. @throws {QuiltError} `partial` when there are fewer */
  read(into: Uint8Array, start: number, signal?: AbortSignal): Promise<void>
  /** To be called when all was read. @throws {QuiltError} `conflict` when the bytes are not those of the source any more */
  check?(): Promise<void>
  close(): Promise<void>
}

/** What is written into an object. */
export type ObjectContent = Uint8Array | ContentSource

/** An object that was written. */
export interface WrittenObject extends ObjectInfo {
  /** `sha2-256-chunked` of the bytes that were sent (formats.md 4.2). */
  readonly hash: ObjectHash
}

export interface ObjectLink {
  readonly url: string
  /** ISO-8601: when the link dies, the credentials' own end included. */
  readonly expires: string
}

export interface Objects {
  /** Objects and, unless recursive, common prefixes below a prefix. */
  list(
    bucket: string,
    options?: ListObjectsOptions,
  ): Promise<Page<ObjectListItem> & { readonly prefixes: readonly string[] }>
  /** Every object below a prefix, each once, in batches and in no order: a large prefix is listed at several places at once. At most
   * some pages are held, whatever there is. Progress counts keys. */
  keys(bucket: string, options?: ListKeysOptions): AsyncIterable<readonly ObjectListItem[]>
  info(location: ObjectLocation, options?: CallOptions): Promise<ObjectInfo>
  /** @throws {QuiltError} `conflict` when `ifMatch` is given and does not hold */
  read(location: ObjectLocation, options?: ReadObjectOptions): Promise<ObjectBody>
  /** Writes one object: below 8 MiB in one request, else in parts. @throws {QuiltError} `conflict` when `ifAbsent` or `ifMatch` does not hold */
  put(location: ObjectLocation, body: ObjectContent, options?: PutOptions): Promise<WrittenObject>
}

/** Links that need no sign-in. */
export interface Links {
  /** A URL by which anyone may read this object for a while. `expiresInSeconds` 1 to 604,800, default 900. */
  link(
    location: ObjectLocation,
    options?: CallOptions & { readonly expiresInSeconds?: number | undefined },
  ): Promise<ObjectLink>
}
