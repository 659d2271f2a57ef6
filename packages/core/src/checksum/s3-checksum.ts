// The hash of an object from the checksums that S3 keeps for it, without reading it (formats.md 4.4).
import { createHash } from 'node:crypto'
import type { ObjectHash } from '../manifest/entry.js'
import { createChunkedSha256, partSizeBytes, smallestPartBytes } from './chunked-sha256.js'
import { crc64nvme } from './crc64nvme.js'

/** What HeadObject (checksum mode) and GetObjectAttributes say about an object. */
export interface S3Checksums {
  /** `ChecksumSHA256`: base64, from HeadObject with `-<parts>` when it is one of part checksums. */
  readonly sha256?: string | undefined
  /** `ChecksumCRC64NVME`: base64, always of the whole object. */
  readonly crc64nvme?: string | undefined
  /** Sizes in bytes of the parts it was uploaded in, in order. Absent: not known, or uploaded at once. */
  readonly partSizes?: readonly number[] | undefined
}

/** The types of hash that Quilt makes of an S3 checksum. */
export type S3HashType = 'sha2-256-chunked' | 'CRC64NVME'

/**
 * The hash that Quilt gives an object, from the checksums S3 keeps.
 * @param size length of the object in bytes
 * @param types the types wanted, the preferred one first. Default only `sha2-256-chunked`, as stacks have it
 * @returns undefined when no checksum fits: the object must be read then
 */
export function hashFromS3(
  { sha256, crc64nvme: crc, partSizes }: S3Checksums,
  size: number,
  types: readonly S3HashType[] = ['sha2-256-chunked'],
): ObjectHash | undefined {
  for (const type of types) {
    if (size === 0) return emptyHash(type)
    const hash = type === 'CRC64NVME' ? fromS3Crc64Nvme(crc) : sha256 && fromS3Sha256(sha256, size, partSizes)
    if (hash) return hash
  }
  return undefined
}

function emptyHash(type: S3HashType): ObjectHash {
  return type === 'CRC64NVME' ? crc64nvme(new Uint8Array()) : createChunkedSha256(0).digest()
}

function fromS3Crc64Nvme(checksum: string | undefined): ObjectHash | undefined {
  if (checksum === undefined || !/^[A-Za-z0-9+/]{11}=$/.test(checksum)) return undefined
  return { type: 'CRC64NVME', value: checksum }
}

/**
 * The `sha2-256-chunked` hash that follows from the SHA-256 checksum S3 gives (formats.md 4.4).
 * @param checksum base64, with `-<parts>` for a checksum of part checksums; with `partSizes` the count may be missing,
 *   as GetObjectAttributes leaves it out
 * @param size length of the object in bytes
 * @param partSizes sizes in bytes of the parts it was uploaded in, in order
 * @returns undefined when the checksum does not fit: the object must be read then
 */
export function fromS3Sha256(checksum: string, size: number, partSizes?: readonly number[]): ObjectHash | undefined {
  const match = /^([A-Za-z0-9+/]{43}=)(?:-(\d+))?$/.exec(checksum)
  if (match === null) return undefined
  const [, value = '', parts] = match
  const type = 'sha2-256-chunked'
  if (size < smallestPartBytes) {
    // Also a small object may have been uploaded in parts: then this is not the hash of its bytes.
    if (parts !== undefined || partSizes !== undefined) return undefined
    if (size === 0) return { type, value }
    return { type, value: createHash('sha256').update(Buffer.from(value, 'base64')).digest('base64') }
  }
  const partBytes = partSizeBytes(size)
  const expectedParts = Math.ceil(size / partBytes)
  if (parts !== undefined && Number(parts) !== expectedParts) return undefined
  if (partSizes === undefined) return parts !== undefined && expectedParts === 1 ? { type, value } : undefined
  const lastPartBytes = size - (expectedParts - 1) * partBytes
  const fits =
    partSizes.length === expectedParts &&
    partSizes.every((bytes, index) => bytes === (index === expectedParts - 1 ? lastPartBytes : partBytes))
  return fits ? { type, value } : undefined
}
