// What a revision to be made needs to know of its objects (version, size, hash), and the bytes of entries (formats.md 4.4, 4.6).
import {
  checkedPlace,
  type Entry,
  type EntryFailure,
  entryNotFetched,
  type ObjectHash,
  QuiltError,
} from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { PlacedEntry } from '../packages/port.js'
import type { ByteRange, ObjectBody } from './port.js'

/** The objects that entries of packages name. */
export interface EntryObjects {
  /** Looks where the bytes of a planned entry are, and fills in what it does not say. One with size and hash, as a stored manifest has it,
   * is not looked at. What is wrong with it is returned, so that all that is wrong with a plan can be told at once.
   * @param options `wantsHash`: whether the hash is of use, so that a small object may be read at once; default true
   * @throws {QuiltError} when an object cannot be reached at all */
  look(
    entry: PlacedEntry,
    options?: CallOptions & { readonly wantsHash?: boolean },
  ): EntryOutcome | Promise<EntryOutcome>
  /** The hash of what was found, from its bytes where nothing else tells. @throws {QuiltError} `conflict` when it was replaced meanwhile */
  hash(found: FoundEntry, options?: CallOptions): Promise<ObjectHash>
  /** The bytes of an entry of a stored manifest. @throws {QuiltError} `not_found`, `forbidden`; `conflict`, also from the iteration, when they are
   *   no longer those that the entry was made of; `unsupported` when they lie where this backend cannot read */
  read(
    entry: Pick<Entry, 'logicalKey' | 'physicalKey' | 'size'> & { readonly hash?: ObjectHash | undefined },
    options?: CallOptions & { readonly range?: ByteRange | undefined },
  ): Promise<ObjectBody>
}

/** What was found, or why there is nothing. */
export type EntryOutcome = { readonly found: FoundEntry } | { readonly failure: EntryFailure }

/** Where the bytes of an entry are, and what is known of them. Plain data: it may be kept as JSON. */
export interface FoundEntry {
  /** With the version where there is one. */
  readonly physicalKey: string
  /** Bytes. */
  readonly size: number
  /** Absent: not known without more requests, or reading the bytes. */
  readonly hash?: ObjectHash
  /** Tells these bytes from others of the same place. */
  readonly etag?: string
  /** SHA-256 as S3 gives it: base64, with `-<parts>` when it is one of part checksums. */
  readonly checksum?: string
}

/** What was found of an entry: the hash that it states is kept, its size must fit. */
export function foundFor(entry: PlacedEntry, found: FoundEntry): EntryOutcome {
  if (entry.size !== undefined && entry.size !== found.size) {
    return { failure: entryNotFetched(entry, `the object has ${found.size} bytes, the entry says ${entry.size}`) }
  }
  return { found: entry.hash === undefined ? found : { ...found, hash: entry.hash } }
}

/** What the entry itself says, and nothing is asked: for objects that were just seen in a list. */
export const asStated: EntryObjects['look'] = (entry) => {
  const checked = checkedPlace(entry)
  if ('failure' in checked) return checked
  const { physicalKey, size = 0, hash } = entry
  return { found: { physicalKey, size, ...(hash === undefined ? {} : { hash }) } }
}

/** Where the bytes are, and what they are. */
export interface EntryFacts {
  readonly physicalKey: string
  /** Bytes. */
  readonly size: number
  readonly hash: ObjectHash
}

/** All that there is to know of an entry, or why it cannot be told. @throws {QuiltError} as `look` and `hash` */
export async function entryFacts(
  objects: Pick<EntryObjects, 'look' | 'hash'>,
  entry: PlacedEntry,
  options: CallOptions = {},
): Promise<{ readonly facts: EntryFacts } | { readonly failure: EntryFailure }> {
  const outcome = await objects.look(entry, options)
  if ('failure' in outcome) return outcome
  const { physicalKey, size } = outcome.found
  return { facts: { physicalKey, size, hash: await objects.hash(outcome.found, options) } }
}

/** Copies a stretch of bytes into a buffer, which it must fill. */
export async function fillFrom(into: Uint8Array, body: AsyncIterable<Uint8Array>): Promise<void> {
  let filled = 0
  for await (const chunk of body) {
    if (filled + chunk.byteLength > into.length) break
    into.set(chunk, filled)
    filled += chunk.byteLength
  }
  if (filled === into.length) return
  throw new QuiltError('partial', `${filled} of ${into.length} bytes came`, {
    hint: 'Try again when nothing writes to the object.',
  })
}
