// Records of a fixed length whose fields may be filled in later. All numbers are little-endian.

/** A growing table. */
export interface RecordTable {
  /** Adds a record of that many bytes, all zero. @returns where it begins */
  record(length: number): number
  setUint32(at: number, value: number): void
  getUint32(at: number): number
  setFloat64(at: number, value: number): void
  getFloat64(at: number): number
  /** What was written; valid until more is. */
  written(): Uint8Array
}

/** An empty table. */
export function recordTable(): RecordTable {
  let bytes = new Uint8Array(4_096)
  let view = new DataView(bytes.buffer)
  let length = 0
  return {
    record(recordLength) {
      if (length + recordLength > bytes.length) {
        const grown = new Uint8Array(Math.max(length + recordLength, bytes.length * 2))
        grown.set(bytes.subarray(0, length))
        bytes = grown
        view = new DataView(bytes.buffer)
      }
      length += recordLength
      return length - recordLength
    },
    setUint32: (at, value) => view.setUint32(at, value, true),
    getUint32: (at) => view.getUint32(at, true),
    setFloat64: (at, value) => view.setFloat64(at, value, true),
    getFloat64: (at) => view.getFloat64(at, true),
    written: () => bytes.subarray(0, length),
  }
}
