// CRC64NVME, which some stacks write in place of sha2-256-chunked (formats.md 4.3).
import { QuiltError } from '../errors.js'
import type { ObjectHash } from '../manifest/entry.js'

const reflectedPolynomial = 0x9a6c9329ac4bc9b5n
/** x to the power of 0 and of 8: in a reflected word the highest bit is the lowest power. */
const one = 1n << 63n
const oneByte = 1n << 55n

const bytesInStep = 8
// Eight bytes a step: row k says what a byte becomes after k more bytes. A 64-bit word is kept as two 32-bit halves,
// because bigints are slower by far.
const tableHigh = new Int32Array(bytesInStep * 256)
const tableLow = new Int32Array(bytesInStep * 256)
for (let byte = 0; byte < 256; byte++) {
  let word = BigInt(byte)
  for (let row = 0; row < bytesInStep; row++) {
    for (let bit = 0; bit < 8; bit++) word = timesX(word)
    tableHigh[row * 256 + byte] = Number(BigInt.asIntN(32, word >> 32n))
    tableLow[row * 256 + byte] = Number(BigInt.asIntN(32, word))
  }
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
  let high = -1
  let low = -1
  const takeSteps = (bytes: Uint8Array, end: number): void => {
    let h = high
    let l = low
    for (let at = 0; at < end; at += bytesInStep) {
      l ^= int32At(bytes, at)
      h ^= int32At(bytes, at + 4)
      const l7 = 0x700 | (l & 0xff)
      const l6 = 0x600 | ((l >>> 8) & 0xff)
      const l5 = 0x500 | ((l >>> 16) & 0xff)
      const l4 = 0x400 | (l >>> 24)
      const h3 = 0x300 | (h & 0xff)
      const h2 = 0x200 | ((h >>> 8) & 0xff)
      const h1 = 0x100 | ((h >>> 16) & 0xff)
      const h0 = h >>> 24
      l = xor4(tableLow, l7, l6, l5, l4) ^ xor4(tableLow, h3, h2, h1, h0)
      h = xor4(tableHigh, l7, l6, l5, l4) ^ xor4(tableHigh, h3, h2, h1, h0)
    }
    high = h
    low = l
  }
  return {
    update(bytes) {
      const end = bytes.length - (bytes.length % bytesInStep)
      takeSteps(bytes, end)
      for (const byte of bytes.subarray(end)) {
        const index = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0)
        high = (high >>> 8) ^ (tableHigh[index] ?? 0)
      }
    },
    digest() {
      const word = Buffer.alloc(8)
      word.writeInt32BE(~high, 0)
      word.writeInt32BE(~low, 4)
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

/** The checksum of one part of an object. */
export interface Crc64NvmePart {
  readonly checksum: ObjectHash
  /** Length of the part in bytes. */
  readonly size: number
}

/**
 * The CRC64NVME checksum of a whole from those of its parts, in order; no part is read (formats.md 4.3).
 * @throws {QuiltError} `invalid_input` for a checksum of another type, or a size that is not a number of bytes
 */
export function combineCrc64Nvme(parts: Iterable<Crc64NvmePart>): ObjectHash {
  let whole = 0n
  let shift = { size: 0, factor: one }
  for (const { checksum, size } of parts) {
    // Parts mostly have one size: the power is worth keeping.
    if (size !== shift.size) shift = { size, factor: powerOfX8(size) }
    whole = timesModulo(whole, shift.factor) ^ wordOf(checksum)
  }
  const word = Buffer.alloc(8)
  word.writeBigUInt64BE(whole)
  return { type: 'CRC64NVME', value: word.toString('base64') }
}

function wordOf({ type, value }: ObjectHash): bigint {
  const word = Buffer.from(value, 'base64')
  if (type === 'CRC64NVME' && word.length === 8) return word.readBigUInt64BE()
  throw new QuiltError('invalid_input', `${JSON.stringify(value)} is not a CRC64NVME checksum`, {
    hint: 'Give 8 bytes in base64, of type CRC64NVME.',
  })
}

/** x to the power of 8 * size: what multiplying by it does to a register, `size` zero bytes do. */
function powerOfX8(size: number): bigint {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new QuiltError('invalid_input', `${size} is not a number of bytes`, {
      hint: 'Give a whole number from 0 on.',
    })
  }
  let power = one
  let square = oneByte
  for (let rest = BigInt(size); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) power = timesModulo(power, square)
    square = timesModulo(square, square)
  }
  return power
}

function timesModulo(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted
    shifted = timesX(shifted)
  }
  return product
}

function timesX(word: bigint): bigint {
  return (word >> 1n) ^ ((word & 1n) * reflectedPolynomial)
}

/** Four bytes as a 32-bit word, the lowest first. */
function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

function xor4(table: Int32Array, a: number, b: number, c: number, d: number): number {
  return (table[a] ?? 0) ^ (table[b] ?? 0) ^ (table[c] ?? 0) ^ (table[d] ?? 0)
}
