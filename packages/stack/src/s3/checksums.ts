// The checksums a client may send with a body: `x-amz-checksum-<name>`, in a header or in a trailer after the body.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { createCrc64Nvme } from '@quilt-mcp/core'
import { crc32c } from './crc32c.js'

export interface RunningChecksum {
  update(bytes: Uint8Array): void
  /** Base64. */
  digest(): string
}

const hashing = (algorithm: 'sha1' | 'sha256'): RunningChecksum => {
  const hash = createHash(algorithm)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') }
}

const crc64Nvme = (): RunningChecksum => {
  const checksum = createCrc64Nvme()
  return { update: (bytes) => checksum.update(bytes), digest: () => checksum.digest().value }
}

const cyclic = (step: (bytes: Uint8Array, previous: number) => number): RunningChecksum => {
  let value = 0
  return {
    update: (bytes) => {
      value = step(bytes, value)
    },
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes.toString('base64')
    },
  }
}

/** All of S3's algorithms, by the end of their header's name. */
export const checksumAlgorithms = {
  crc32: () => cyclic(crc32),
  crc32c: () => cyclic(crc32c),
  crc64nvme: crc64Nvme,
  sha1: () => hashing('sha1'),
  sha256: () => hashing('sha256'),
} as const satisfies Record<string, () => RunningChecksum>

export type ChecksumAlgorithm = keyof typeof checksumAlgorithms

const headers: ReadonlyMap<string, ChecksumAlgorithm> = new Map(
  (['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const).map((name) => [`x-amz-checksum-${name}`, name]),
)

/** The headers, in lower case, that carry a checksum. */
export const checksumHeaderNames: readonly string[] = [...headers.keys()]

/** The algorithm of a header in lower case; undefined when it carries no checksum. */
export const algorithmOf = (header: string): ChecksumAlgorithm | undefined => headers.get(header)
