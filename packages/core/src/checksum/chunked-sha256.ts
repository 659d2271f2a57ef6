// sha2-256-chunked, the hash that Quilt gives objects (formats.md 4.2).
import { createHash, type Hash } from 'node:crypto'
import { QuiltError } from '../errors.js'
import type { ObjectHash } from '../manifest/entry.js'
import { bytesOf, type Content } from './content.js'

const mebibyte = 1_048_576
/** Size of the smallest part, and from which size on Quilt uploads in parts: 8 MiB. */
export const smallestPartBytes = 8 * mebibyte
const maxParts = 10_000

/**
 * Size in bytes of the parts that `sha2-256-chunked` hashes: 8 MiB, doubled until 10,000 parts are enough
 * (formats.md 4.2).
 * @param size length of the object in bytes
 * @throws {QuiltError} `invalid_input` when size is negative or not an integer
 */
export function partSizeBytes(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new QuiltError('invalid_input', `${size} is not a number of bytes`, {
      hint: 'Give a whole number from 0 on.',
    })
  }
  let part = smallestPartBytes
  while (Math.ceil(size / part) > maxParts) part *= 2
  return part
}

/** A hash in the making. */
export interface ChunkedSha256 {
  /** Takes the next bytes; how they are cut does not matter. */
  update(bytes: Uint8Array): void
  /** The hash. Once only. @throws {QuiltError} as {@link createChunkedSha256} says */
  digest(): ObjectHash
}

/**
 * Begins a `sha2-256-chunked` hash.
 * @param size length of the object in bytes. Undefined: not known; then parts of 8 MiB are taken, and `digest` throws
 *   `unsupported` above 80,000 MiB, where that would be wrong
 * @throws {QuiltError} from `digest`: `partial` when fewer bytes came than `size` says, `upstream` when more
 */
export function createChunkedSha256(size: number | undefined): ChunkedSha256 {
  const partBytes = size === undefined ? smallestPartBytes : partSizeBytes(size)
  const whole = createHash('sha256')
  let part: Hash | undefined
  let room = 0
  let total = 0
  const endPart = (): void => {
    if (part !== undefined) whole.update(part.digest())
    part = undefined
  }
  return {
    update(bytes) {
      total += bytes.length
      for (let from = 0; from < bytes.length; ) {
        if (part === undefined) {
          part = createHash('sha256')
          room = partBytes
        }
        const piece = bytes.subarray(from, from + room)
        part.update(piece)
        from += piece.length
        room -= piece.length
        if (room === 0) endPart()
      }
    },
    digest() {
      endPart()
      checkTotalBytes(total, size)
      return { type: 'sha2-256-chunked', value: whole.digest('base64') }
    },
  }
}

/** @throws {QuiltError} when `total` bytes came of an object of `size` bytes, as {@link createChunkedSha256} says */
export function checkTotalBytes(total: number, size: number | undefined): void {
  if (size === undefined) {
    if (total <= smallestPartBytes * maxParts) return
    throw new QuiltError('unsupported', `an object of ${total} bytes cannot be hashed without knowing its size first`, {
      hint: 'Ask for the size of the object, then hash it again.',
    })
  }
  if (total === size) return
  throw new QuiltError(total < size ? 'partial' : 'upstream', `${total} bytes came of an object of ${size} bytes`, {
    hint: 'Read the object again, by its version.',
  })
}

/**
 * The `sha2-256-chunked` hash of a body.
 * @param size length in bytes, where it is known; parameters and errors as {@link createChunkedSha256}
 */
export async function chunkedSha256(body: Content, size?: number): Promise<ObjectHash> {
  const hash = createChunkedSha256(body instanceof Uint8Array ? (size ?? body.length) : size)
  for await (const bytes of bytesOf(body)) hash.update(bytes)
  return hash.digest()
}
