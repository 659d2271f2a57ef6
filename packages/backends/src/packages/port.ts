// What can be asked of packages, whichever backend answers.
import type {
  DirectoryMeta,
  Entry,
  ExtensionSummary,
  Json,
  JsonObject,
  LoadedSchema,
  ManifestHeader,
  SchemaReference,
  WorkflowConfig,
} from '@quilt-mcp/core'
import type { CallOptions, Page, PageOptions } from '../call-options.js'
import type { ByteRange, ObjectBody, ObjectContent } from '../objects/port.js'

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

/** An entry of a revision to be made, whose bytes are somewhere already. What is absent is filled in from the object itself. */
export interface PlacedEntry {
  readonly logicalKey: string
  readonly physicalKey: string
  readonly size?: number
  readonly hash?: { readonly type: string; readonly value: string }
  /** Full metadata (`{"user_meta": {...}}`). Absent or empty: none. */
  readonly meta?: JsonObject
  /** Keys of a manifest's line that this version does not know, kept as they are. (A registry drops them.) */
  readonly unknown?: JsonObject
  /** The caller has checked that a file of this machine outside of the registry (`file:///...`) may be read for this principal: only then a
   * local registry looks at it, and the package names it where it lies, or `copy` copies it. Other backends take no files. Default false. */
  readonly mayReadFile?: boolean
}

/** An entry of a revision to be made, whose bytes are uploaded by the push: to `<namespace>/<name>/<logical key>` (formats.md 2.8). Where no
 * versions are kept and other bytes lie there, they go beside, and the entry names them there: older revisions keep theirs. */
export interface ContentEntry {
  readonly logicalKey: string
  readonly content: ObjectContent
  /** Default: what goes with the ending of the logical key. */
  readonly contentType?: string
  /** As in `PlacedEntry`. */
  readonly meta?: JsonObject
}

export type PlannedEntry = PlacedEntry | ContentEntry

/** Entries too many to be held: in tree order, in batches, gone through as often as it takes. */
export interface PlannedEntryStream {
  /** How many there are. */
  readonly count: number
  /** Whether the objects were just seen in a list, with their sizes: then a check looks at none of them. Default false. */
  readonly listed?: boolean
  batches(options?: CallOptions): AsyncIterable<readonly PlannedEntry[]>
}

/** Which objects a push copies into the package's own bucket, to `<namespace>/<name>/<logical key>`: none; those that lie in other
 * buckets; all that do not lie there already. */
export type CopyMode = 'none' | 'new' | 'all'

/** The complete content of a revision to be made. */
export interface PushPlan extends PackageRef {
  /** Every entry of the new revision; nothing is merged with an older one. A list comes in any order. */
  readonly entries: readonly PlannedEntry[] | PlannedEntryStream
  /** Metadata of directories, in tree order. Absent: none. (A registry drops them: packageConstruct does not take them.) */
  readonly directories?: readonly DirectoryMeta[]
  readonly message: string | null
  /** Package metadata. Absent, null and {} are three things with three hashes. */
  readonly userMeta?: Json
  /** Absent: the bucket's default. null: explicitly none. */
  readonly workflow?: string | null
  /** Top hash that `latest` must have, null when the package must not exist. Absent: not checked. Otherwise `conflict`. */
  readonly base?: string | null
  /** Default `none`: entries name objects where they lie. */
  readonly copy?: CopyMode
  /** Told of entries, in any order, as soon as nothing is left to be done for them (looked at, copied, hashed): a caller that keeps what it
   * is told gives it as facts of a later plan, should this push break off. Not called by `check`. */
  readonly onCompleted?: ((entries: readonly CompletedEntry[]) => void) | undefined
}

/** What a push found out of one entry. */
export type CompletedEntry = Pick<Entry, 'logicalKey' | 'physicalKey' | 'size' | 'hash'>

/** What a push would do, told without writing a byte. */
export interface PushCheck {
  /** Id and name of the workflow that the push passes; null: explicitly none; absent: the bucket has no workflows. */
  readonly workflow?: { readonly id: string; readonly name: string } | null
  /** Objects and bytes that would be uploaded, copied, and read to be hashed as far as that is known. */
  readonly uploads: Volume
  readonly copies: Volume
  /** Of objects that stay where they are. Absent: not known. */
  readonly hashed?: Volume
  readonly notes?: readonly string[]
}

export interface Volume {
  readonly objects: number
  readonly bytes: number
}

export interface PushResult {
  readonly revision: Revision
  /** Top hashes, newest first, of revisions that somebody else made between the check of the base and this push, and whose changes are
   * not in it: where the backend cannot have the base compared. Absent: none. */
  readonly overtaken?: readonly string[]
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
  /** `resolve`, then `open`, in one look. Absent: this backend gains nothing by it.
   * @throws {QuiltError} as `resolve` */
  openAt?(ref: PackageRef, tagOrHash?: string, options?: CallOptions): Promise<PackageReader>
  /** Makes a revision and moves `latest` to it. All is checked before a byte is written: base, workflow, paths, and that every object is
   * there and may be read.
   * @throws {QuiltError} `conflict` when `base` is given and does not hold; `invalid_input` with `details.problems`, every bad entry by its
   *   logical key, or with `details.failures`, every rule of the workflow that is not passed */
  push(plan: PushPlan, options?: CallOptions): Promise<PushResult>
  /** All that `push` does before it writes. Throws as `push` does. */
  check(plan: PushPlan, options?: CallOptions): Promise<PushCheck>
  /** The workflow config of a bucket (formats.md 8). Undefined when it has none. @throws {QuiltError} `invalid_input`, `unsupported` when it cannot be used */
  workflowConfig(bucket: string, options?: CallOptions): Promise<WorkflowConfig | undefined>
  /** A schema that the config of the bucket names. @throws {QuiltError} `invalid_input` when it cannot be read */
  workflowSchema(bucket: string, reference: SchemaReference, options?: CallOptions): Promise<LoadedSchema>
  /** Makes the same revision in another bucket or under another name (formats.md 7.4). Absent: this backend cannot. */
  promote?(revision: Revision, plan: PromotePlan, options?: CallOptions): Promise<PushResult>
  /** Removes the pointers of one revision, or of all when `topHash` is absent. Data and manifests stay. */
  remove(ref: PackageRef, options?: CallOptions & { readonly topHash?: string | undefined }): Promise<RemoveResult>
}
