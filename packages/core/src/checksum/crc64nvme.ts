// CRC64NVME, which some stacks write in place of sha2-256-chunked (formats.md 4.3).
import type { ObjectHash } from '../manifest/entry.js'

const reflectedPolynomial = 0x9a6c9329ac4bc9b5n
// A 64-bit word is kept as two 32-bit halves: bigints are slower by far.
const tableHigh = new Uint32Array(256)
const tableLow = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let word = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) word = (word >> 1n) ^ ((word & 1n) * reflectedPolynomial)
  tableHigh[byte] = Number(word >> 32n)
  tableLow[byte] = Number(word & 0xffffffffn)
}

/** A checksum in the making. */
export interface Crc64Nvme {
  /** Takes the next bytes; how they are cut does not matter. */
  update(bytes: Uint8Array): void
  /** The checksum of what came so far: 8 bytes, big-endian, in base64. */
  digest(): ObjectHash
}

/** Begins a CRC64NVME checksum. */
export function createCrc64Nvme(): Crc64Nvme {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0)
        high = (high >>> 8) ^ (tableHigh[index] ?? 0)
      }
    },
    digest() {
      const word = Buffer.alloc(8)
      word.writeUInt32BE(~high >>> 0, 0)
      word.writeUInt32BE(~low >>> 0, 4)
      return { type: 'CRC64NVME', value: word.toString('base64') }
    },
  }
}

/** The CRC64NVME checksum of some bytes. */
export function crc64nvme(bytes: Uint8Array): ObjectHash {
  const checksum = createCrc64Nvme()
  checksum.update(bytes)
  return checksum.digest()
}
