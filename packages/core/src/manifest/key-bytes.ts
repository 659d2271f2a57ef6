// Logical keys as bytes: for valid UTF-8 the order of bytes is the order of code points (formats.md 2.5).

const slash = 0x2f

/** A key that lies in some block of bytes. */
export interface KeyBytes {
  bytes: Uint8Array
  from: number
  end: number
}

/** How many bytes two keys share from their start on. */
export function sharedBytes(a: KeyBytes, b: KeyBytes): number {
  const { bytes: left, from: leftFrom } = a
  const { bytes: right, from: rightFrom } = b
  const most = Math.min(a.end - leftFrom, b.end - rightFrom)
  let shared = 0
  while (shared < most && left[leftFrom + shared] === right[rightFrom + shared]) shared++
  return shared
}

/** Tree order of two keys of which it is known how many bytes they share. */
export function compareAfterShared(a: KeyBytes, b: KeyBytes, shared: number): number {
  const lengthA = a.end - a.from
  const lengthB = b.end - b.from
  if (shared === Math.min(lengthA, lengthB)) return lengthA - lengthB
  const byteA = a.bytes[a.from + shared] ?? 0
  const byteB = b.bytes[b.from + shared] ?? 0
  // A part that ends here comes before every longer one.
  if (byteA === slash) return -1
  if (byteB === slash) return 1
  return byteA - byteB
}

/** Tree order of two keys, as compareLogicalKeys has it. */
export function compareKeyBytes(a: KeyBytes, b: KeyBytes): number {
  return compareAfterShared(a, b, sharedBytes(a, b))
}

/** Holds a copy of the last key, in a buffer that grows. */
export interface KeyHolder extends KeyBytes {
  copy(bytes: Uint8Array, from: number, end: number): void
  /** Keeps that many bytes of its key, and goes on with these. */
  replaceFrom(kept: number, bytes: Uint8Array, from: number, end: number): void
}

/** A holder of the empty key. */
export function keyHolder(): KeyHolder {
  return {
    bytes: new Uint8Array(1_024),
    from: 0,
    end: 0,
    copy(bytes, from, end) {
      this.replaceFrom(0, bytes, from, end)
    },
    replaceFrom(kept, bytes, from, end) {
      const length = kept + end - from
      if (length > this.bytes.length) {
        const grown = new Uint8Array(length * 2)
        grown.set(this.bytes.subarray(0, kept))
        this.bytes = grown
      }
      for (let at = from, to = kept; at < end; at++, to++) this.bytes[to] = bytes[at] ?? 0
      this.end = length
    },
  }
}

const encoder = new TextEncoder()
const loneSurrogate = /\p{Surrogate}/u

/** The UTF-8 of a key. Undefined when it holds half of a surrogate pair, which UTF-8 cannot say. */
export function keyBytesOf(logicalKey: string): Uint8Array | undefined {
  return loneSurrogate.test(logicalKey) ? undefined : encoder.encode(logicalKey)
}

/** Bytes that order a key among others, halves of surrogate pairs included: they are written as if they were characters. */
export function keyOrderBytes(logicalKey: string): Uint8Array {
  const whole = keyBytesOf(logicalKey)
  if (whole !== undefined) return whole
  const characters = Array.from(logicalKey, (character) => {
    const code = character.codePointAt(0) ?? 0
    const isHalf = code >= 0xd800 && code <= 0xdfff
    return isHalf ? Uint8Array.of(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)) : encoder.encode(character)
  })
  return Buffer.concat(characters)
}
