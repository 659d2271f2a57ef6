// What can be wrong with the entries of a revision to be made, told without looking at any object (formats.md 1.10, 4.1, 7.4).
import { QuiltError } from '../errors.js'
import type { Json, JsonObject } from '../json/value.js'
import type { ObjectHash } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'
import { checkLogicalKey } from '../name.js'
import { type PhysicalKey, parsePhysicalKey, type S3PhysicalKey } from '../physical-key.js'

/** An entry as it is asked for. */
export interface AskedEntry {
  readonly logicalKey: string
  readonly physicalKey: string
  /** Bytes. */
  readonly size?: number | undefined
  readonly hash?: ObjectHash | undefined
}

/** What is wrong with one entry. */
export interface EntryFailure {
  /** A name of formats.md 7.4. */
  readonly name: string
  readonly message: string
  readonly context?: JsonObject
}

const hashValues: Readonly<Record<string, RegExp>> = {
  SHA256: /^[0-9a-f]{64}$/,
  'sha2-256-chunked': /^[A-Za-z0-9+/]{43}=$/,
  CRC64NVME: /^[A-Za-z0-9+/]{11}=$/,
}

/** Where the bytes of an entry are, in a bucket or in a file; or what is wrong with the entry. */
export function checkedPlace(entry: AskedEntry): { readonly place: PhysicalKey } | { readonly failure: EntryFailure } {
  const wrong = wrongFacts(entry)
  if (wrong !== undefined) return { failure: wrong }
  let place: PhysicalKey
  try {
    place = parsePhysicalKey(entry.physicalKey)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return { failure: wrongPlace(entry, 'InvalidS3PhysicalKey', error.message) }
  }
  if (place.kind === 's3' && place.key === '')
    return { failure: wrongPlace(entry, 'InvalidS3PhysicalKey', 'the physical key names no object') }
  return { place }
}

/** The same where all bytes must lie in buckets. */
export function checkedBucketPlace(
  entry: AskedEntry,
): { readonly place: S3PhysicalKey } | { readonly failure: EntryFailure } {
  const checked = checkedPlace(entry)
  if ('failure' in checked) return checked
  if (checked.place.kind === 's3') return { place: checked.place }
  return { failure: wrongPlace(entry, 'InvalidLocalPhysicalKey', 'a physical key begins with s3://') }
}

/** What is wrong when the object of an entry cannot be looked at.
 * @param error S3's word for it (`NoSuchKey`), or a sentence */
export function entryNotFetched({ logicalKey, physicalKey }: AskedEntry, error: string): EntryFailure {
  return {
    name: 'FailedToFetchObjectMetadata',
    message: `Failed to fetch the metadata of ${physicalKey}: ${error}`,
    context: new Map<string, Json>([
      ['logical_key', logicalKey],
      ['physical_key', physicalKey],
      ['error', error],
    ]),
  }
}

function wrongPlace({ physicalKey }: AskedEntry, name: string, message: string): EntryFailure {
  return { name, message, context: new Map<string, Json>([['physical_key', physicalKey]]) }
}

/** What is wrong with what an entry says of itself, wherever its bytes are. */
export function wrongFacts({ logicalKey, hash, size }: Omit<AskedEntry, 'physicalKey'>): EntryFailure | undefined {
  try {
    checkLogicalKey(logicalKey)
  } catch (error) {
    if (error instanceof QuiltError) return invalidParameter(error.message)
    throw error
  }
  if (size !== undefined && (!Number.isSafeInteger(size) || size < 0))
    return invalidParameter(`${size} is not a number of bytes`)
  if (hash === undefined) return undefined
  const value = Object.hasOwn(hashValues, hash.type) ? hashValues[hash.type] : undefined
  if (value === undefined) return invalidParameter(`the hash type is not one of ${Object.keys(hashValues).join(', ')}`)
  return value.test(hash.value) ? undefined : invalidParameter(`the hash is not a value of the type ${hash.type}`)
}

/** Entries whose path another entry has, or that lie under the path of a file; with their index. */
export function clashingEntries(
  entries: readonly Pick<AskedEntry, 'logicalKey'>[],
): readonly { readonly index: number; readonly failure: EntryFailure }[] {
  const clash = createClashCheck()
  return entries
    .map(({ logicalKey }, index) => ({ logicalKey, index }))
    .sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey) || a.index - b.index)
    .flatMap(({ logicalKey, index }) => {
      const failure = clash(logicalKey)
      return failure === undefined ? [] : [{ index, failure }]
    })
}

/** The same for paths that come one after the other, in tree order. */
export function createClashCheck(): (logicalKey: string) => EntryFailure | undefined {
  let before: string | undefined
  let file: string | undefined
  return (logicalKey) => {
    const isTwice = before === logicalKey
    before = logicalKey
    if (isTwice) return invalidParameter(`${JSON.stringify(logicalKey)} is the path of another entry, too`)
    // In tree order all that lies under a path follows it at once.
    if (file !== undefined && logicalKey.startsWith(`${file}/`))
      return invalidParameter(`${JSON.stringify(logicalKey)} lies under ${JSON.stringify(file)}, which is a file`)
    file = logicalKey
    return undefined
  }
}

/** What is wrong with an argument. */
export const invalidParameter = (message: string): EntryFailure => ({ name: 'InvalidInputParameters', message })
