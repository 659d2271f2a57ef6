// What a search finds. The same shape whichever backend looked.
import type { Json } from '../json/value.js'
import type { FieldName } from '../query/fields.js'

/** Why something was found: a field, and what in it matched. */
export interface Highlight {
  readonly field: FieldName | 'files'
  /** At most 200 characters of the field, around the first match. */
  readonly text: string
  /** The parts of `text` that matched, as they stand there. */
  readonly words: readonly string[]
}

/** A file of a package that was found by what its files are. */
export interface MatchingFile {
  readonly logicalKey: string
  readonly physicalKey: string
  /** Bytes. */
  readonly size: number
  readonly userMeta?: Json
}

/** A revision of a package. */
export interface PackageHit {
  readonly kind: 'package'
  readonly bucket: string
  readonly name: string
  readonly topHash: string
  /** `latest`, another tag, or the Unix seconds that the revision's newest pointer is named with. */
  readonly pointer: string
  /** ISO-8601. */
  readonly modified?: string
  /** Bytes in all. */
  readonly size?: number
  /** Number of files. */
  readonly entries?: number
  readonly comment?: string
  readonly userMeta?: Json
  /** Id of the workflow that it passed. */
  readonly workflow?: string
  readonly matched: readonly Highlight[]
  /** Up to 10 of the files that matched. */
  readonly files?: readonly MatchingFile[]
}

/** A file of the latest revision of a package. */
export interface EntryHit extends MatchingFile {
  readonly kind: 'entry'
  readonly bucket: string
  /** Of the package. */
  readonly name: string
  readonly topHash: string
  /** ISO-8601: of the revision. */
  readonly modified?: string
  readonly matched: readonly Highlight[]
}

/** An object of a bucket, as it is now. */
export interface ObjectHit {
  readonly kind: 'object'
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
  readonly size: number
  /** ISO-8601. */
  readonly modified: string
  readonly deleted?: boolean
  readonly matched: readonly Highlight[]
}

export type SearchHit = PackageHit | EntryHit | ObjectHit
