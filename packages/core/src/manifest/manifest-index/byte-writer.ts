// Bytes that grow at their end: numbers, texts, and records whose fields are filled in later.

/** A growing sequence of bytes. */
export interface ByteWriter {
  readonly length: number
  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  varint(value: number): void
  /** A whole number of either sign. */
  signedVarint(value: number): void
  bytes(bytes: Uint8Array, from: number, end: number): void
  /** Room for a record of that many bytes, all zero. @returns where it begins */
  record(length: number): number
  setUint32(at: number, value: number): void
  setFloat64(at: number, value: number): void
  getFloat64(at: number): number
  getUint32(at: number): number
  /** What was written; valid until more is. */
  written(): Uint8Array
}

const longestVarint = 8

/** An empty sequence. */
export function byteWriter(): ByteWriter {
  let bytes = new Uint8Array(4_096)
  let view = new DataView(bytes.buffer)
  let length = 0
  const makeRoom = (more: number): void => {
    const grown = new Uint8Array(Math.max(length + more, bytes.length * 2))
    grown.set(bytes.subarray(0, length))
    bytes = grown
    view = new DataView(bytes.buffer)
  }
  const varint = (value: number): void => {
    if (length + longestVarint > bytes.length) makeRoom(longestVarint)
    let rest = value
    // Bit operations are for 32 bits only.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) bytes[length++] = (rest % 128) | 0x80
    for (; rest > 0x7f; rest >>>= 7) bytes[length++] = (rest & 0x7f) | 0x80
    bytes[length++] = rest
  }
  return {
    get length() {
      return length
    },
    varint,
    signedVarint: (value) => varint(value < 0 ? -value * 2 - 1 : value * 2),
    bytes(source, from, end) {
      if (length + end - from > bytes.length) makeRoom(end - from)
      const into = bytes
      let to = length
      for (let at = from; at < end; at++, to++) into[to] = source[at] ?? 0
      length = to
    },
    record(recordLength) {
      if (length + recordLength > bytes.length) makeRoom(recordLength)
      length += recordLength
      return length - recordLength
    },
    setUint32: (at, value) => view.setUint32(at, value, true),
    setFloat64: (at, value) => view.setFloat64(at, value, true),
    getFloat64: (at) => view.getFloat64(at, true),
    getUint32: (at) => view.getUint32(at, true),
    written: () => bytes.subarray(0, length),
  }
}

/** Reads what {@link byteWriter} wrote. */
export interface ByteReader {
  at: number
  varint(): number
  signedVarint(): number
}

/** A reader of the bytes; behind their end it throws a RangeError. */
export function byteReader(bytes: Uint8Array): ByteReader {
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
