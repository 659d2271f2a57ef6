// The vocabulary of a manifest: what one line says (formats.md 2.2 to 2.4).
import type { Json, JsonObject } from '../json/value.js'

/** The hash of one object as a manifest states it: the type's exact spelling and its value (formats.md 4.1). */
export interface ObjectHash {
  readonly type: string
  readonly value: string
}

/** One file of a package: an entry line of a manifest (formats.md 2.3). */
export interface Entry {
  /** Path inside the package, parts joined by `/`. */
  readonly logicalKey: string
  /** URL of the bytes: `s3://bucket/key?versionId=...` or `file:///...`, as written in the manifest. */
  readonly physicalKey: string
  /** Length of the object in bytes. */
  readonly size: number
  readonly hash: ObjectHash
  /** The full metadata object; user metadata sits under `user_meta`. Empty when the line has none. */
  readonly meta: JsonObject
  /** Keys of the line that this version does not know, kept so that rewriting loses nothing. Absent when there are none. */
  readonly unknown?: JsonObject
}

/** Metadata of one directory: a line without physical key (formats.md 2.4). */
export interface DirectoryMeta {
  /** Path with a trailing `/`. */
  readonly logicalKey: string
  /** The user metadata itself, not wrapped in `user_meta`. */
  readonly meta: Json
}

/** The first line of a manifest: `version`, and when set `user_meta`, `workflow`, `message`, and unknown keys, in file order. */
export type ManifestHeader = JsonObject
