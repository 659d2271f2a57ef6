// Finds a logical key that comes twice, without holding the keys: 8 bytes an entry while they come in order.
import { compareAfterShared, type KeyBytes, keyBytesOf, keyHolder, sharedBytes } from './key-bytes.js'

/** Tells of each key whether it was there before. */
export interface SeenKeys {
  /** Notes a key that lies in a block. False when it was noted before; wrongly so once in 30 million manifests of a
   *  million entries out of order, never in one that is in tree order. */
  note(bytes: Uint8Array, from: number, end: number): boolean
  /** Notes a key given as text. */
  noteText(logicalKey: string): boolean
}

const pageEntries = 32_768

/** No key seen yet. Keys are kept as 64-bit fingerprints: a list, and a table from the first one on that comes out of order. */
export function createSeenKeys(): SeenKeys {
  const pages: Uint32Array[] = []
  let count = 0
  let table: Uint32Array | undefined
  const greatest = keyHolder()
  const key: KeyBytes = { bytes: new Uint8Array(0), from: 0, end: 0 }
  let high = 0
  let low = 0

  /** Two independent 32-bit FNV-like hashes, mixed at the end; never both zero, which marks a free slot. */
  const fingerprint = (bytes: Uint8Array, from: number, end: number): void => {
    let first = 0x811c9dc5
    let second = 0x9e3779b9
    for (let at = from; at < end; at++) {
      const byte = bytes[at] ?? 0
      first = Math.imul(first ^ byte, 0x01000193)
      second = Math.imul(second ^ byte, 0x85ebca6b)
      second ^= second >>> 15
    }
    first = Math.imul(first ^ (first >>> 16), 0xc2b2ae35)
    high = (first ^ (first >>> 13)) >>> 0 || 1
    low = second >>> 0
  }
  const list = (): void => {
    const at = (count % pageEntries) * 2
    if (at === 0) pages.push(new Uint32Array(pageEntries * 2))
    const page = pages[pages.length - 1] ?? new Uint32Array(2)
    page[at] = high
    page[at + 1] = low
    count++
  }
  const fullTable = (): Uint32Array => {
    if (table !== undefined && table.length >= count * 4) return table
    table = new Uint32Array(Math.max(2_048, 2 ** Math.ceil(Math.log2(count * 8))))
    for (let index = 0; index < count; index++) {
      const page = pages[Math.floor(index / pageEntries)]
      const at = (index % pageEntries) * 2
      put(table, page?.[at] ?? 0, page?.[at + 1] ?? 0)
    }
    return table
  }
  const noteFingerprint = (isGreatest: boolean): boolean => {
    if (!isGreatest && !put(fullTable(), high, low)) return false
    if (isGreatest && table !== undefined) put(fullTable(), high, low)
    list()
    return true
  }

  return {
    note(bytes, from, end) {
      fingerprint(bytes, from, end)
      key.bytes = bytes
      key.from = from
      key.end = end
      const shared = sharedBytes(greatest, key)
      const isGreatest = count === 0 || compareAfterShared(greatest, key, shared) < 0
      if (isGreatest) greatest.replaceFrom(shared, bytes, from + shared, end)
      return noteFingerprint(isGreatest)
    },
    noteText(logicalKey) {
      const bytes = keyBytesOf(logicalKey)
      if (bytes !== undefined) return this.note(bytes, 0, bytes.length)
      // 0xff is in no UTF-8: such a key is like no other.
      const odd = Buffer.concat([Buffer.from([0xff]), Buffer.from(logicalKey, 'utf16le')])
      return this.note(odd, 0, odd.length)
    },
  }
}

/** Puts a fingerprint into an open table that is at most half full. False when it was there. */
function put(table: Uint32Array, high: number, low: number): boolean {
  const mask = table.length - 2
  let slot = (low << 1) & mask
  while (table[slot] !== 0 || table[slot + 1] !== 0) {
    if (table[slot] === high && table[slot + 1] === low) return false
    slot = (slot + 2) & mask
  }
  table[slot] = high
  table[slot + 1] = low
  return true
}
