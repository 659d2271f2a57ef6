// The body of an index in pages, each with a checksum of its own: what is not looked at need not be read.
import { crc32 } from 'node:zlib'
import { unusable } from './unusable.js'

/** Bytes of a page; the last one may be shorter. */
export const pageBytes = 16_384
/** 4 MiB. */
const heldPages = 256

/** An index as bytes that can be read anywhere: a file, or memory. */
export interface IndexSource {
  /** Length in bytes. */
  readonly length: number
  /** That many bytes from there on; not to be changed while they are in use. @throws when there are not as many */
  read(offset: number, length: number): Uint8Array
}

/** Bytes that are read where they are needed. */
export interface ReadableBytes {
  readonly length: number
  /** @throws RangeError when they reach beyond the end @throws {QuiltError} `internal` when they have changed */
  bytes(at: number, length: number): Uint8Array
}

/** The checksums of the pages of a body, 4 bytes each. @param parts the body in pieces of any length */
export function pageChecksums(parts: readonly Uint8Array[]): Uint8Array {
  const checksums: number[] = []
  let sum = 0
  let room = pageBytes
  for (const part of parts) {
    for (let from = 0; from < part.length; ) {
      const piece = part.subarray(from, from + room)
      sum = crc32(piece, sum)
      from += piece.length
      room -= piece.length
      if (room > 0) continue
      checksums.push(sum)
      sum = 0
      room = pageBytes
    }
  }
  if (room < pageBytes) checksums.push(sum)
  const view = new DataView(new ArrayBuffer(checksums.length * 4))
  for (const [index, checksum] of checksums.entries()) view.setUint32(index * 4, checksum, true)
  return new Uint8Array(view.buffer)
}

/**
 * The body of an index. A page is read and checked when it is first needed; the last few are held.
 * @param from where the body begins in the source
 */
export function checkedPages(source: IndexSource, from: number, checksums: Uint8Array): ReadableBytes {
  const sums = new DataView(checksums.buffer, checksums.byteOffset, checksums.byteLength)
  const length = source.length - from
  const held = new Map<number, Uint8Array>()
  const page = (number: number): Uint8Array => {
    const known = held.get(number)
    if (known !== undefined) return known
    const at = number * pageBytes
    const bytes = source.read(from + at, Math.min(pageBytes, length - at))
    if (crc32(bytes) !== sums.getUint32(number * 4, true)) throw unusable('its bytes have changed')
    const [oldest] = held.keys()
    if (held.size >= heldPages && oldest !== undefined) held.delete(oldest)
    held.set(number, bytes)
    return bytes
  }
  return {
    length,
    bytes(at, wanted) {
      checkRange(at, wanted, length)
      if (wanted === 0) return new Uint8Array()
      const first = Math.floor(at / pageBytes)
      const last = Math.floor((at + wanted - 1) / pageBytes)
      const offset = at - first * pageBytes
      if (first === last) return page(first).subarray(offset, offset + wanted)
      const joined = new Uint8Array(wanted)
      for (let number = first; number <= last; number++) {
        const begin = number * pageBytes - at
        joined.set(
          begin < 0 ? page(number).subarray(-begin) : page(number).subarray(0, wanted - begin),
          Math.max(0, begin),
        )
      }
      return joined
    },
  }
}

/** A part of some bytes, as bytes of their own. @throws RangeError when there are not as many */
export function partOf(whole: ReadableBytes, from: number, length: number): ReadableBytes {
  checkRange(from, length, whole.length)
  return {
    length,
    bytes(at, wanted) {
      checkRange(at, wanted, length)
      return whole.bytes(from + at, wanted)
    },
  }
}

function checkRange(at: number, wanted: number, length: number): void {
  if (at >= 0 && wanted >= 0 && at + wanted <= length) return
  throw new RangeError(`bytes ${at} to ${at + wanted} of ${length}`)
}
