// Numbers of few bytes, and bytes among them: appended to, and read one after the other.

/** A sequence of bytes that grows at its end. */
export interface VarintWriter {
  readonly length: number
  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  varint(value: number): void
  /** A whole number of either sign. */
  signedVarint(value: number): void
  bytes(bytes: Uint8Array, from: number, end: number): void
  /** All of it in pieces; valid until more is written. */
  pieces(): readonly Uint8Array[]
}

const longestVarint = 8
const firstPieceBytes = 4_096
const largestPieceBytes = 1_048_576

/** An empty sequence. It is kept in pieces: one buffer would have to be copied to grow, and be held twice then. */
export function varintWriter(): VarintWriter {
  const full: Uint8Array[] = []
  let fullBytes = 0
  let piece = new Uint8Array(firstPieceBytes)
  let length = 0
  const makeRoom = (more: number): void => {
    if (length > 0) full.push(piece.subarray(0, length))
    fullBytes += length
    piece = new Uint8Array(Math.max(more, Math.min(largestPieceBytes, piece.length * 2)))
    length = 0
  }
  const varint = (value: number): void => {
    if (length + longestVarint > piece.length) makeRoom(longestVarint)
    let rest = value
    // Bit operations are for 32 bits only.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) piece[length++] = (rest % 128) | 0x80
    for (; rest > 0x7f; rest >>>= 7) piece[length++] = (rest & 0x7f) | 0x80
    piece[length++] = rest
  }
  return {
    get length() {
      return fullBytes + length
    },
    varint,
    signedVarint: (value) => varint(value < 0 ? -value * 2 - 1 : value * 2),
    bytes(source, from, end) {
      if (length + end - from > piece.length) makeRoom(end - from)
      piece.set(source.subarray(from, end), length)
      length += end - from
    },
    pieces: () => [...full, piece.subarray(0, length)],
  }
}

/** Reads what {@link varintWriter} wrote. */
export interface VarintReader {
  at: number
  varint(): number
  signedVarint(): number
}

/** A reader of the bytes; behind their end it throws a RangeError. */
export function varintReader(bytes: Uint8Array): VarintReader {
  const reader = {
    at: 0,
    varint(): number {
      let value = 0
      for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
        const byte = bytes[reader.at++]
        if (byte === undefined) throw new RangeError('a number is cut off')
        value += (byte & 0x7f) * scale
        if (byte < 0x80) return value
      }
      throw new RangeError('a number is too long')
    },
    signedVarint(): number {
      const value = reader.varint()
      return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    },
  }
  return reader
}
