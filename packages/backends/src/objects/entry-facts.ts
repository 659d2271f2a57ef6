// What a revision to be made needs to know of its objects (version, size, hash), and the bytes of entries (formats.md 4.4, 4.6).
import { type Entry, type EntryFailure, entryNotFetched, type ObjectHash, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { PlacedEntry } from '../packages/port.js'
import type { ByteRange, ObjectBody } from './port.js'

/** The objects that entries of packages name. */
export interface EntryObjects {
  /** Fills in what a planned entry does not say. One with size and hash, as a stored manifest has it, is not looked at. What is wrong
   * with it is returned, so that all that is wrong with a plan can be told at once. @throws {QuiltError} when an object cannot be
   * reached at all, or is replaced while it is read */
  facts(entry: PlacedEntry, options?: CallOptions): Promise<EntryOutcome>
  /** The bytes of an entry of a stored manifest. @throws {QuiltError} `not_found`, `forbidden`; `conflict`, also from the iteration, when they are
   *   no longer those that the entry was made of; `unsupported` when they lie where this backend cannot read */
  read(
    entry: Pick<Entry, 'logicalKey' | 'physicalKey' | 'size' | 'hash'>,
    options?: CallOptions & { readonly range?: ByteRange | undefined },
  ): Promise<ObjectBody>
}

/** Where the bytes are, and what they are; or why that cannot be told. */
export type EntryOutcome = { readonly facts: EntryFacts } | { readonly failure: EntryFailure }

export interface EntryFacts {
  /** With the version where there is one. */
  readonly physicalKey: string
  /** Bytes. */
  readonly size: number
  readonly hash: ObjectHash
}

/** What was found when an object was looked at. */
export interface FoundObject {
  readonly physicalKey: string
  readonly size: number
  hash(): Promise<ObjectHash>
}

/** The facts of an object that was looked at: what the entry states is kept, its size must fit. */
export async function factsOf(entry: PlacedEntry, found: FoundObject): Promise<EntryOutcome> {
  const { physicalKey, size } = found
  if (entry.size !== undefined && entry.size !== size) {
    return { failure: entryNotFetched(entry, `the object has ${size} bytes, the entry says ${entry.size}`) }
  }
  return { facts: { physicalKey, size, hash: entry.hash ?? (await found.hash()) } }
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
