// One thing that may be found, as the meaning of a query is decided on it.
import type { Json } from '../json/value.js'

/** What is absent holds nothing: no term about it matches. */
export interface SearchDocument {
  readonly bucket?: string
  /** Of the package. */
  readonly name?: string
  /** Of the object, or path in the package. Its extension and folders follow from it. */
  readonly key?: string
  readonly comment?: string | null
  /** User metadata: of the package, or of the entry. */
  readonly meta?: Json
  readonly content?: string
  /** Bytes. */
  readonly size?: number
  /** Milliseconds since 1970. */
  readonly modifiedMs?: number
  /** Number of files. */
  readonly entries?: number
  readonly hash?: string
  /** Id of the workflow. */
  readonly workflow?: string
  readonly deleted?: boolean
  /** Keys of the files of a package: `key`, `ext` and words look through them. */
  readonly files?: readonly string[]
}
