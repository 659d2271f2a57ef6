// One entry of a new revision: checked, and completed from the object it names (formats.md 7.4).
import {
  checkLogicalKey,
  chunkedSha256,
  type Entry,
  emptyJsonObject,
  formatPhysicalKey,
  fromS3Sha256,
  type Json,
  type JsonObject,
  type ObjectHash,
  type PhysicalKey,
  parsePhysicalKey,
  QuiltError,
} from '@quilt-mcp/core'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import type { InputFailure } from './failures.js'

/** An entry as the caller states it. */
export interface EntryInput {
  readonly logicalKey: string
  /** `s3://` URL. Without version: the current one. */
  readonly physicalKey: string
  readonly hash?: ObjectHash | undefined
  /** Bytes. */
  readonly size?: number | undefined
  /** The full metadata, with `user_meta`. */
  readonly meta?: JsonObject | undefined
}

/** What is wrong with an entry, without its place. */
type EntryFailure = Omit<InputFailure, 'path'>

const hashValues: Readonly<Record<string, RegExp>> = {
  SHA256: /^[0-9a-f]{64}$/,
  'sha2-256-chunked': /^[A-Za-z0-9+/]{43}=$/,
  CRC64NVME: /^[A-Za-z0-9+/]{11}=$/,
}

/** The entry with version, size and hash filled in by what the caller may read; or what is wrong with it. */
export async function completeEntry(
  input: EntryInput,
  { store, principal }: { readonly store: ObjectStore; readonly principal: Principal },
): Promise<{ readonly entry: Entry } | { readonly failure: EntryFailure }> {
  const { logicalKey, hash, size, meta = emptyJsonObject } = input
  const place = placeOf(input)
  const wrong = wrongInput(input) ?? ('failure' in place ? place.failure : undefined)
  if (wrong !== undefined || 'failure' in place)
    return { failure: wrong ?? invalidParameter('the physical key is wrong') }
  if (place.versionId !== undefined && size !== undefined && hash !== undefined)
    return { entry: { logicalKey, physicalKey: formatPhysicalKey(place), size, hash, meta } }
  if (!mayAccess(principal, place.bucket, 'READ')) return { failure: notFetched(input, 'AccessDenied') }
  const version = store.head(place.bucket, place.key, place.versionId)
  if (version === undefined || version.deleteMarker)
    return { failure: notFetched(input, place.versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion') }
  if (size !== undefined && size !== version.size)
    return { failure: notFetched(input, `the object has ${version.size} bytes, the entry says ${size}`) }
  const physicalKey = formatPhysicalKey({ ...place, versionId: version.versionId })
  return { entry: { logicalKey, physicalKey, size: version.size, hash: hash ?? (await hashOf(store, version)), meta } }
}

function wrongInput({ logicalKey, hash, size }: EntryInput): EntryFailure | undefined {
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

type Place = Extract<PhysicalKey, { kind: 's3' }>

function placeOf(input: EntryInput): Place | { readonly failure: EntryFailure } {
  const context = new Map<string, Json>([['physical_key', input.physicalKey]])
  let place: PhysicalKey
  try {
    place = parsePhysicalKey(input.physicalKey)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    return { failure: { name: 'InvalidS3PhysicalKey', message: error.message, context } }
  }
  if (place.kind === 'file')
    return { failure: { name: 'InvalidLocalPhysicalKey', message: 'a physical key begins with s3://', context } }
  if (place.key === '')
    return { failure: { name: 'InvalidS3PhysicalKey', message: 'the physical key names no object', context } }
  return place
}

const invalidParameter = (message: string): EntryFailure => ({ name: 'InvalidInputParameters', message })

function notFetched({ logicalKey, physicalKey }: EntryInput, error: string): EntryFailure {
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

/** From S3's own checksum where it fits, else from the bytes. */
async function hashOf(store: ObjectStore, version: StoredVersion): Promise<ObjectHash> {
  const { checksumSha256, size, partSizes } = version
  const known = checksumSha256 === undefined ? undefined : fromS3Sha256(checksumSha256, size, partSizes)
  if (known !== undefined) return known
  return chunkedSha256(size === 0 ? new Uint8Array() : store.read(version), size)
}
