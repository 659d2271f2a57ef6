// Finds a logical key that comes twice, without holding the keys: 8 bytes an entry while they come in order.
import { createHash } from 'node:crypto'
import { compareAfterShared, type KeyBytes, keyBytesOf, keyHolder, sharedBytes } from './key-bytes.js'
import { fieldsInLine, keyEndAt, keyFromAt } from './ordinary-lines/line-fields.js'
import { workbench } from './ordinary-lines/module.js'
import type { OrdinaryLines } from './ordinary-lines/visit.js'

/** Tells of each key whether it was there before; wrongly so once in 30 million manifests of a million entries out of
 *  order, never in one that is in tree order. */
export interface SeenKeys {
  /** Notes the keys of lines, one after the other. @returns the number of the first line whose key was noted before */
  note(lines: OrdinaryLines): number | undefined
  /** Notes a key. False when it was noted before. */
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

  /** Adds fingerprints to the list. */
  const list = (fingerprints: Uint32Array): void => {
    for (let from = 0; from < fingerprints.length; ) {
      const at = (count % pageEntries) * 2
      if (at === 0) pages.push(new Uint32Array(pageEntries * 2))
      const piece = fingerprints.subarray(from, from + pageEntries * 2 - at)
      pages[pages.length - 1]?.set(piece, at)
      count += piece.length / 2
      from += piece.length
    }
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
  /** Notes the key in `key`. False when it was noted before. */
  const noteOne = (fingerprint: Uint32Array): boolean => {
    const shared = sharedBytes(greatest, key)
    const isGreatest = count === 0 || compareAfterShared(greatest, key, shared) < 0
    if (isGreatest) greatest.replaceFrom(shared, key.bytes, key.from + shared, key.end)
    if (!isGreatest || table !== undefined) {
      const isNew = put(fullTable(), fingerprint[0] ?? 0, fingerprint[1] ?? 0)
      if (!isNew && !isGreatest) return false
    }
    list(fingerprint)
    return true
  }

  return {
    note({ count: lines, bytes, bench: { calls, fields, fingerprints, previous } }) {
      const isHeld = greatest.end <= previous.length
      if (isHeld) previous.set(greatest.bytes.subarray(0, greatest.end))
      const leading = calls.noteKeys(lines, count === 0 || !isHeld ? -1 : greatest.end)
      const inOrder = table === undefined && isHeld ? leading : 0
      const setKey = (line: number): void => {
        key.bytes = bytes
        key.from = fields[line * fieldsInLine + keyFromAt] ?? 0
        key.end = fields[line * fieldsInLine + keyEndAt] ?? 0
      }
      if (inOrder > 0) {
        list(fingerprints.subarray(0, inOrder * 2))
        setKey(inOrder - 1)
        greatest.copy(bytes, key.from, key.end)
      }
      for (let line = inOrder; line < lines; line++) {
        setKey(line)
        if (!noteOne(fingerprints.subarray(line * 2, line * 2 + 2))) return line
      }
      return undefined
    },
    noteText(logicalKey) {
      // 0xff is in no UTF-8: a key that cannot be said in it is like no other.
      const bytes = keyBytesOf(logicalKey) ?? Buffer.concat([Buffer.from([0xff]), Buffer.from(logicalKey, 'utf16le')])
      key.bytes = bytes
      key.from = 0
      key.end = bytes.length
      return noteOne(fingerprintOf(bytes))
    },
  }
}

function fingerprintOf(key: Uint8Array): Uint32Array {
  const { calls, fingerprints, previous } = workbench()
  // No ordinary line has a key as long as this.
  if (key.length > previous.length) {
    const digest = createHash('sha256').update(key).digest()
    return Uint32Array.of(digest.readUInt32LE(0) || 1, digest.readUInt32LE(4))
  }
  previous.set(key)
  calls.noteKey(key.length)
  return fingerprints.subarray(0, 2)
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
