// THE PORT. Everything a tool can ask of the outside, whichever of the backends answers.
// An absent optional member means: this backend cannot do that (design 4).
import type { DirectoryMeta, Entry, ExtensionSummary, Json, JsonObject, ManifestHeader } from '@quilt-mcp/core'

/** The four ways to reach Quilt data, and the backend that stands in when none is open: its every call throws `unauthenticated`. */
export type BackendName = 'platform' | 'session' | 'iam' | 'local' | 'unauthenticated'

/** One line of the reason why a backend was chosen (design 4). */
export interface SelectionStep {
  /** What was looked at, by the name under which a user sets it: `QUILT_API_KEY`. */
  readonly looked: string
  readonly outcome: 'chosen' | 'found' | 'missing'
  /** What was found, or how to set it. Never the value of a secret. */
  readonly explanation: string
}

/** What every call accepts. */
export interface CallOptions {
  /** Ends the call early; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Told about the progress of long work. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** How far long work has come. */
export interface Progress {
  readonly done: number
  /** Absent when the amount is not known. */
  readonly total?: number
  /** What the numbers count, in words: `Reading manifest`. */
  readonly message: string
}

/** Which part of a list is wanted. */
export interface PageOptions extends CallOptions {
  /** Items in a page, 1 to 1,000. Default 100. */
  readonly limit?: number | undefined
  /** Where the last page ended: a position, never authority. Absent: from the start. */
  readonly cursor?: string | undefined
}

/** One part of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Present when there is more. */
  readonly cursor?: string
  /** How many items the whole list has, when that is known; never the length of this page. */
  readonly total?: number
}

/** Who is asking, as the backend knows it. */
export interface Identity {
  readonly backend: BackendName
  readonly user?: { readonly name: string; readonly email?: string; readonly isAdmin?: boolean }
  /** The active role. */
  readonly role?: string
  /** All roles the user may switch to. */
  readonly roles?: readonly string[]
  /** Origin of the web catalog, without trailing slash. */
  readonly catalogUrl?: string
  readonly registryUrl?: string
  /** AWS region of the stack. */
  readonly region?: string
  readonly stackVersion?: string
  /** How objects are reached now: with the principal's own AWS credentials; through browse sessions only, because the registry
   * refuses credentials or does not manage to give them; from disk. */
  readonly objectAccess: 'credentials' | 'browse-only' | 'files'
}

/** A backend: built for one principal, told nothing about MCP. */
export interface Backend {
  readonly name: BackendName
  /** Why this backend serves, in the order in which things were looked at. Absent where a request's own token decided. */
  readonly trace?: readonly SelectionStep[]
  /** Origin of the web catalog, without trailing slash, where it is known without asking. */
  readonly catalogUrl?: string
  identity(options?: CallOptions): Promise<Identity>
  readonly buckets: Buckets
  readonly objects: Objects
  readonly packages: Packages
  /** Absent where objects have no address of their own. */
  readonly links?: Links
  /** Ends what is kept open at the other side (browse sessions). Never throws; the backend may still be used afterwards. */
  close(): Promise<void>
}

/** A bucket as the caller sees it. */
export interface Bucket {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Whether overwritten objects are kept: without, a package may come to show other bytes than its own. Absent: not known. */
  readonly versioned?: boolean
}

export interface Buckets {
  list(page?: PageOptions): Promise<Page<Bucket>>
  /** @throws {QuiltError} `not_found` when the bucket does not exist or the caller may not see it */
  get(name: string, options?: CallOptions): Promise<Bucket>
}

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

export interface PutOptions extends CallOptions {
  readonly contentType?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Refuse with `conflict` when the key exists. Default false. */
  readonly ifAbsent?: boolean | undefined
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
  info(location: ObjectLocation, options?: CallOptions): Promise<ObjectInfo>
  /** @throws {QuiltError} `conflict` when `ifMatch` is given and does not hold */
  read(location: ObjectLocation, options?: ReadObjectOptions): Promise<ObjectBody>
  put(location: ObjectLocation, body: Uint8Array, options?: PutOptions): Promise<ObjectInfo>
}

/** Links that need no sign-in. */
export interface Links {
  /** A URL by which anyone may read this object for a while. `expiresInSeconds` 1 to 604,800, default 900. */
  link(
    location: ObjectLocation,
    options?: CallOptions & { readonly expiresInSeconds?: number | undefined },
  ): Promise<ObjectLink>
}

/** A package by name. */
export interface PackageRef {
  readonly bucket: string
  /** `namespace/name`. */
  readonly name: string
}

/** One immutable revision of a package, by its full top hash. */
export interface Revision extends PackageRef {
  readonly topHash: string
  /** ISO-8601. Absent where the source does not tell. */
  readonly modified?: string
  readonly message?: string | null
  readonly totalEntries?: number
  readonly totalBytes?: number
}

export interface PackageSummary extends PackageRef {
  /** ISO-8601: when the package last changed. */
  readonly modified?: string
}

export interface ListPackagesOptions extends PageOptions {
  /** Case-insensitive part of a name, or a pattern with `*` and `?`. */
  readonly filter?: string | undefined
}

/** A file of a package in a directory listing. */
export interface FileItem {
  readonly kind: 'file'
  readonly name: string
  readonly logicalKey: string
  readonly size: number
  readonly physicalKey: string
}

/** A directory of a package in a directory listing. */
export interface DirectoryItem {
  readonly kind: 'directory'
  readonly name: string
  /** With trailing `/`. */
  readonly logicalKey: string
  /** Bytes below it. Absent where the source does not tell. */
  readonly size?: number
}

export type DirItem = FileItem | DirectoryItem

/** How much of what there is in a revision. */
export interface RevisionSummary {
  readonly entries: number
  readonly bytes: number
  /** Directories that hold entries, the root not counted. */
  readonly directories: number
  /** Most entries first. */
  readonly extensions: readonly ExtensionSummary[]
}

/** Reads one revision; what it returns never changes. */
export interface PackageReader {
  readonly revision: Revision
  readonly header: ManifestHeader
  /** The content of one directory (`""` = root), in tree order. @throws {QuiltError} `not_found` */
  dir(path: string, page?: PageOptions): Promise<Page<DirItem>>
  /** One entry with its hash and metadata. @throws {QuiltError} `not_found` */
  entry(logicalKey: string, options?: CallOptions): Promise<Entry>
  /** All entries in tree order, in batches. Ends with `partial` when the source breaks off; never ends early in silence. */
  entries(options?: CallOptions): AsyncIterable<readonly Entry[]>
  /** Metadata of directories, in tree order: for a push that is to keep them. Absent where the source does not tell it. */
  directories?(options?: CallOptions): Promise<readonly DirectoryMeta[]>
  /** What there is, counted. Absent, or undefined, where that would take reading all entries at each look. */
  summary?(options?: CallOptions): Promise<RevisionSummary | undefined>
  /** The bytes of an entry: exactly the version that the manifest names. */
  read(logicalKey: string, options?: CallOptions & { readonly range?: ByteRange | undefined }): Promise<ObjectBody>
}

/** An entry of a revision to be made. What is absent is filled in from the object itself. */
export interface PlannedEntry {
  readonly logicalKey: string
  readonly physicalKey: string
  readonly size?: number
  readonly hash?: { readonly type: string; readonly value: string }
  /** Full metadata (`{"user_meta": {...}}`). Absent or empty: none. */
  readonly meta?: JsonObject
  /** Keys of a manifest's line that this version does not know, kept as they are. (A registry drops them.) */
  readonly unknown?: JsonObject
}

/** The complete content of a revision to be made. */
export interface PushPlan extends PackageRef {
  /** Every entry of the new revision; nothing is merged with an older one. */
  readonly entries: readonly PlannedEntry[]
  /** Metadata of directories, in tree order. Absent: none. (A registry drops them: packageConstruct does not take them.) */
  readonly directories?: readonly DirectoryMeta[]
  readonly message: string | null
  /** Package metadata. Absent, null and {} are three things with three hashes. */
  readonly userMeta?: Json
  /** Absent: the bucket's default. null: explicitly none. */
  readonly workflow?: string | null
  /** Top hash that `latest` must have, null when the package must not exist. Absent: not checked. Otherwise `conflict`. */
  readonly base?: string | null
}

export interface PushResult {
  readonly revision: Revision
  /** What the user should know: that a stored manifest was kept as it is, that the bucket keeps no versions. */
  readonly notes?: readonly string[]
}

/** Where a revision goes, and with what. */
export interface PromotePlan extends PackageRef {
  /** Absent: that of the source. */
  readonly message?: string | null
  /** Absent: that of the source. */
  readonly userMeta?: Json
  /** As in a push. */
  readonly workflow?: string | null
  /** Objects go below `<prefix>/<name>/`; absent: `<name>/`. */
  readonly prefix?: string
  /** Whether objects are copied to the target bucket. Absent: what the source bucket's successors say; by default they are. */
  readonly copy?: boolean
  /** As in a push. */
  readonly base?: string | null
}

export interface RemoveResult {
  /** Top hashes whose pointers were removed. */
  readonly removed: readonly string[]
  /** Where `latest` is now; absent when the package is gone. */
  readonly latest?: string
}

export interface Packages {
  list(bucket: string, page?: ListPackagesOptions): Promise<Page<PackageSummary>>
  /** Newest first.
   * @throws {QuiltError} `not_found`, whose `details.missing` is `package` when the bucket is visible and has no such package, `bucket`
   *   when it is not visible: callers tell by it whether another bucket or another kind of thing may have been meant */
  revisions(ref: PackageRef, page?: PageOptions): Promise<Page<Revision>>
  /** @param tagOrHash `latest`, a top hash, or a prefix of one (6 characters or more). Default `latest`.
   * @throws {QuiltError} `not_found`, whose `details.missing` is `package` or `bucket` as for `revisions`, or `revision` when the package
   *   has no such one; `invalid_input` when a prefix fits several revisions */
  resolve(ref: PackageRef, tagOrHash?: string, options?: CallOptions): Promise<Revision>
  open(revision: Revision, options?: CallOptions): Promise<PackageReader>
  /** Makes a revision and moves `latest` to it. @throws {QuiltError} `conflict` when `base` is given and does not hold */
  push(plan: PushPlan, options?: CallOptions): Promise<PushResult>
  /** Makes the same revision in another bucket or under another name (formats.md 7.4). Absent: this backend cannot. */
  promote?(revision: Revision, plan: PromotePlan, options?: CallOptions): Promise<PushResult>
  /** Removes the pointers of one revision, or of all when `topHash` is absent. Data and manifests stay. */
  remove(ref: PackageRef, options?: CallOptions & { readonly topHash?: string | undefined }): Promise<RemoveResult>
}
