// One entry of a new revision: checked, and completed from the object it names (formats.md 7.4).
import {
  checkedBucketPlace,
  chunkedSha256,
  type Entry,
  type EntryFailure,
  emptyJsonObject,
  entryNotFetched,
  formatPhysicalKey,
  fromS3Sha256,
  type JsonObject,
  type ObjectHash,
} from '@quilt-mcp/core'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'

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

/** The entry with version, size and hash filled in by what the caller may read; or what is wrong with it. */
export async function completeEntry(
  input: EntryInput,
  { store, principal }: { readonly store: ObjectStore; readonly principal: Principal },
): Promise<{ readonly entry: Entry } | { readonly failure: EntryFailure }> {
  const { logicalKey, hash, size, meta = emptyJsonObject } = input
  const checked = checkedBucketPlace(input)
  if ('failure' in checked) return checked
  const { place } = checked
  if (place.versionId !== undefined && size !== undefined && hash !== undefined)
    return { entry: { logicalKey, physicalKey: formatPhysicalKey(place), size, hash, meta } }
  if (!mayAccess(principal, place.bucket, 'READ')) return { failure: entryNotFetched(input, 'AccessDenied') }
  const version = store.head(place.bucket, place.key, place.versionId)
  if (version === undefined || version.deleteMarker)
    return { failure: entryNotFetched(input, place.versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion') }
  if (size !== undefined && size !== version.size)
    return { failure: entryNotFetched(input, `the object has ${version.size} bytes, the entry says ${size}`) }
  const physicalKey = formatPhysicalKey({ ...place, versionId: version.versionId })
  return { entry: { logicalKey, physicalKey, size: version.size, hash: hash ?? (await hashOf(store, version)), meta } }
}

/** From S3's own checksum where it fits, else from the bytes. */
async function hashOf(store: ObjectStore, version: StoredVersion): Promise<ObjectHash> {
  const { checksumSha256, size, partSizes } = version
  const known = checksumSha256 === undefined ? undefined : fromS3Sha256(checksumSha256, size, partSizes)
  if (known !== undefined) return known
  return chunkedSha256(size === 0 ? new Uint8Array() : store.read(version), size)
}
