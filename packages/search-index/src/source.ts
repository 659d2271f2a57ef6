// What an index is made from: one registry, as its keeper can read it (formats.md 1.1).

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined
}

/** A pointer of a package as a list shows it. */
export interface ListedPointer {
  /** Of the package. */
  readonly name: string
  /** Unix seconds, or a tag. */
  readonly pointer: string
  /** Changes whenever what it holds does: an ETag, or time and size. */
  readonly stamp: string
}

/** An object as a list shows it. */
export interface ListedObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modifiedMs: number
  /** Absent where lists do not tell it. */
  readonly versionId?: string
  /** Changes whenever its bytes do. */
  readonly stamp: string
}

/** One registry, read with the rights of one caller. */
export interface RegistrySource {
  /** Name of the bucket. */
  readonly bucket: string
  /** All pointers of all packages, in batches. @throws {QuiltError} `forbidden`, `not_found` when the caller may not see them */
  pointers(options: SourceOptions): AsyncIterable<readonly ListedPointer[]>
  /** The top hash that a pointer holds. Undefined: none, or it is gone. */
  topHash(name: string, pointer: string, options: SourceOptions): Promise<string | undefined>
  /** The bytes of a manifest. Undefined: there is none. */
  manifest(topHash: string, options: SourceOptions): Promise<AsyncIterable<Uint8Array> | undefined>
  /** All objects of the bucket that are no part of the registry's own (`.quilt/`), in batches. */
  objects(options: SourceOptions): AsyncIterable<readonly ListedObject[]>
  /** The text of a small text file. Undefined: it is none, or none that is indexed. Absent: no content is indexed. */
  text?(object: ListedObject, options: SourceOptions): Promise<string | undefined>
}
