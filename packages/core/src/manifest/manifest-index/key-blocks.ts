// Keys with the place of their line, 64 to a block; a key says only how it differs from the one before.
import { type KeyBytes, keyHolder } from '../key-bytes.js'
import type { ReadableBytes } from './pages.js'
import { recordTable } from './record-table.js'
import { varintReader, varintWriter } from './varints.js'

/** Where a line of a manifest lies, in bytes, without its end. */
export interface LineSpan {
  readonly offset: number
  readonly length: number
}

/** One key of an index. */
export interface IndexRecord {
  readonly logicalKey: string
  /** Bytes of the object; 0 for the line of a directory. */
  readonly size: number
  readonly line: LineSpan
}

/** A record to be written: its key, and how many bytes the key shares with the one before. */
export interface NewRecord {
  readonly key: KeyBytes
  readonly shared: number
  readonly size: number
  readonly offset: number
  readonly length: number
}

/** Records of lines that follow each other, as bytes. */
export interface WrittenRecords {
  readonly records: Uint8Array
  readonly count: number
  readonly blockStarts: Int32Array
  readonly expectedOffset: number
}

/** Records from one whole key to the next. */
export const recordsInBlock = 64

/** Writes records in the order in which they shall be found again. */
export function keyBlockWriter() {
  const data = varintWriter()
  const blockOffsets = recordTable()
  let count = 0
  let expected = 0
  return {
    add({ key, shared, size, offset, length }: NewRecord): void {
      const isFirst = count % recordsInBlock === 0
      const same = isFirst ? 0 : shared
      if (isFirst) {
        blockOffsets.setFloat64(blockOffsets.record(8), data.length)
        expected = 0
      }
      count++
      data.varint(same)
      data.varint(key.end - key.from - same)
      data.bytes(key.bytes, key.from + same, key.end)
      data.varint(size)
      data.varint(length)
      // Lines mostly follow each other: then this is 0.
      data.signedVarint(offset - expected)
      expected = offset + length + 1
    },
    /** Records that were written elsewhere. @param blockStarts where blocks of 64 begin in them */
    addWritten({ records, count: added, blockStarts, expectedOffset }: WrittenRecords): void {
      for (const start of blockStarts) blockOffsets.setFloat64(blockOffsets.record(8), data.length + start)
      data.bytes(records, 0, records.length)
      count += added
      expected = expectedOffset
    },
    count: (): number => count,
    /** Where the next line begins if it follows the last record's. */
    expectedOffset: (): number => expected,
    /** The records, in pieces. */
    data: (): readonly Uint8Array[] => data.pieces(),
    /** Where blocks of 64 begin in them. */
    blockOffsets: (): Uint8Array => blockOffsets.written(),
  }
}

/** Reads records by their number; holds one block of them. */
export interface KeyBlocks {
  readonly count: number
  record(ordinal: number): IndexRecord | undefined
  /** The key alone, without unpacking its block. */
  logicalKey(ordinal: number): string | undefined
  /** How many keys come before this one in tree order. @param compare orders a key of the index and the wanted one */
  countBefore(compare: (key: KeyBytes) => number): number
}

/** @param blockOffsets eight bytes a block @throws RangeError from its functions when the bytes are damaged */
export function keyBlocks(count: number, blockOffsets: ReadableBytes, data: ReadableBytes): KeyBlocks {
  const blockCount = Math.ceil(count / recordsInBlock)
  const key = keyHolder()
  let heldBlock = -1
  let held: readonly IndexRecord[] = []

  const offsetOf = (block: number): number => {
    if (block === blockCount) return data.length
    const { buffer, byteOffset } = blockOffsets.bytes(block * 8, 8)
    return new DataView(buffer, byteOffset, 8).getFloat64(0, true)
  }
  /** Goes through the keys of a block from its first one on. */
  const walk = (block: number) => {
    const from = offsetOf(block)
    const bytes = data.bytes(from, offsetOf(block + 1) - from)
    const reader = varintReader(bytes)
    key.end = 0
    const readKey = (): void => {
      const shared = reader.varint()
      const more = reader.varint()
      if (shared > key.end || reader.at + more > bytes.length) throw new RangeError('a key is cut off')
      key.replaceFrom(shared, bytes, reader.at, reader.at + more)
      reader.at += more
    }
    const skipPlace = (): void => {
      reader.varint()
      reader.varint()
      reader.varint()
    }
    return { reader, readKey, skipPlace }
  }
  const keyText = (): string => Buffer.from(key.bytes.buffer, 0, key.end).toString('utf8')
  const load = (block: number): readonly IndexRecord[] => {
    if (block === heldBlock) return held
    const { reader, readKey } = walk(block)
    const records: IndexRecord[] = []
    let expected = 0
    for (let left = Math.min(recordsInBlock, count - block * recordsInBlock); left > 0; left--) {
      readKey()
      const size = reader.varint()
      const length = reader.varint()
      const offset = expected + reader.signedVarint()
      expected = offset + length + 1
      records.push({ logicalKey: keyText(), size, line: { offset, length } })
    }
    heldBlock = block
    held = records
    return records
  }
  return {
    count,
    record: (ordinal) =>
      ordinal < 0 || ordinal >= count
        ? undefined
        : load(Math.floor(ordinal / recordsInBlock))[ordinal % recordsInBlock],
    logicalKey(ordinal) {
      if (ordinal < 0 || ordinal >= count) return undefined
      const block = Math.floor(ordinal / recordsInBlock)
      if (block === heldBlock) return held[ordinal % recordsInBlock]?.logicalKey
      const { readKey, skipPlace } = walk(block)
      for (let before = block * recordsInBlock; before < ordinal; before++) {
        readKey()
        skipPlace()
      }
      readKey()
      return keyText()
    },
    countBefore(compare) {
      // The last block whose first key comes before the wanted one; what is looked for lies in it, or is the next first key.
      let low = 0
      let high = blockCount
      while (low < high) {
        const middle = (low + high) >>> 1
        walk(middle).readKey()
        if (compare(key) < 0) low = middle + 1
        else high = middle
      }
      if (low === 0) return 0
      const from = (low - 1) * recordsInBlock
      const end = Math.min(count, from + recordsInBlock)
      const { readKey, skipPlace } = walk(low - 1)
      for (let ordinal = from; ordinal < end; ordinal++) {
        readKey()
        if (compare(key) >= 0) return ordinal
        skipPlace()
      }
      return end
    },
  }
}
