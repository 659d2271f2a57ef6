// Does a body have the hash that its manifest states? Of whichever type (formats.md 4.1, 4.7).
import { createHash } from 'node:crypto'
import { QuiltError } from '../errors.js'
import type { ObjectHash } from '../manifest/entry.js'
import { createChunkedSha256 } from './chunked-sha256.js'
import { bytesOf, type Content } from './content.js'
import { createCrc64Nvme } from './crc64nvme.js'

/** What each type of hash is computed with, for an object of `size` bytes. */
const algorithms: Readonly<Record<string, (size: number) => RunningHash>> = {
  SHA256: legacySha256,
  'sha2-256-chunked': createChunkedSha256,
  CRC64NVME: createCrc64Nvme,
}

/** A hash of bytes as they come. */
export interface RunningHash {
  update(bytes: Uint8Array): void
  digest(): ObjectHash
}

/** Plain SHA-256 in lowercase hex, as manifests before quilt3 6.0 have it. */
function legacySha256(): RunningHash {
  const sha256 = createHash('sha256')
  return {
    update: (bytes) => void sha256.update(bytes),
    digest: () => ({ type: 'SHA256', value: sha256.digest('hex') }),
  }
}

/** Whether hashes of this type can be verified. */
export function canVerify(type: string): boolean {
  return Object.hasOwn(algorithms, type)
}

/** Starts a hash of this type, for `size` bytes; undefined for a type that cannot be verified. */
export function createHashOfType(type: string, size: number): RunningHash | undefined {
  return canVerify(type) ? algorithms[type]?.(size) : undefined
}

/**
 * Whether a body has this hash and this size. A body that is too long is not read to its end.
 * @param size length in bytes that the manifest states
 * @throws {QuiltError} `unsupported` for an unknown type of hash
 */
export async function verifyHash(hash: ObjectHash, body: Content, size: number): Promise<boolean> {
  const algorithm = createHashOfType(hash.type, size)
  if (algorithm === undefined) {
    throw new QuiltError('unsupported', `hashes of type ${JSON.stringify(hash.type)} cannot be verified`, {
      hint: `Known types: ${Object.keys(algorithms).join(', ')}. A newer version may know this one.`,
    })
  }
  let total = 0
  for await (const bytes of bytesOf(body)) {
    total += bytes.length
    if (total > size) return false
    algorithm.update(bytes)
  }
  return total === size && algorithm.digest().value === hash.value
}
