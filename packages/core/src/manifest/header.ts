// The header of a manifest: what is known about the whole revision (formats.md 2.2).
import { isJsonObject, type Json } from '../json/value.js'
import type { ManifestHeader } from './entry.js'

/** What a new header says. */
export interface HeaderContent {
  /** null: no message given; the key is written all the same. */
  readonly message: string | null
  /** Absent, null and {} are three things with three top hashes. */
  readonly userMeta?: Json | undefined
  /** The record of the workflow that was passed. Absent: the bucket has no workflows. */
  readonly workflow?: Json | undefined
}

/** A header with its keys in the order quilt3 writes them: version, user_meta, workflow, message. */
export function newHeader({ message, userMeta, workflow }: HeaderContent): ManifestHeader {
  const header = new Map<string, Json>([['version', 'v0']])
  if (userMeta !== undefined) header.set('user_meta', userMeta)
  if (workflow !== undefined) header.set('workflow', workflow)
  return header.set('message', message)
}

/** The first line's value as a header, without the key `top_hash` of very old manifests. Undefined: not an object. */
export function headerFrom(value: Json): ManifestHeader | undefined {
  if (!isJsonObject(value)) return undefined
  return withoutTopHash(value)
}

/** The header as it is hashed: without `top_hash`. */
export function withoutTopHash(header: ManifestHeader): ManifestHeader {
  return header.has('top_hash') ? new Map([...header].filter(([key]) => key !== 'top_hash')) : header
}

/** The commit message. null: none was given; undefined: absent, or not text. */
export function headerMessage(header: ManifestHeader): string | null | undefined {
  const message = header.get('message')
  return typeof message === 'string' || message === null ? message : undefined
}

/** The metadata of the package; undefined when absent, which is not the same as null. */
export function headerUserMeta(header: ManifestHeader): Json | undefined {
  return header.get('user_meta')
}

/** The record of the workflow that the revision passed; undefined when absent. */
export function headerWorkflow(header: ManifestHeader): Json | undefined {
  return header.get('workflow')
}
