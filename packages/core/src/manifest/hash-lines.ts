// The top hash of a manifest from its bytes: what is hashed of an ordinary line is written without making its entry.
import type { Entry } from './entry.js'
import { compareAfterShared, type KeyBytes, keyBytesOf, keyHolder, sharedBytes } from './key-bytes.js'
import { openLines, type ReadManifestOptions } from './open-lines.js'
import { duplicate } from './order.js'
import { entriesOf } from './ordinary-lines/entry.js'
import { fieldsInLine, keyEndAt, keyFromAt } from './ordinary-lines/line-fields.js'
import type { LineVisitor, OrdinaryLines } from './ordinary-lines/visit.js'
import { readRecord } from './read.js'
import { createHashedTexts, hashedText } from './top-hash.js'

/** A manifest as its top hash sees it. */
export interface HashedManifest {
  /** The top hash computed from its header and entries. */
  readonly topHash: string
  /** How many entries it has. */
  readonly entries: number
  /** Sum of the sizes of its entries, in bytes. */
  readonly bytes: number
}

/**
 * The top hash of a stored manifest in one pass. Undefined when its entries are not in tree order.
 * @throws {QuiltError} as `openManifest`
 */
export async function hashLines(
  source: AsyncIterable<Uint8Array>,
  options?: ReadManifestOptions,
): Promise<HashedManifest | undefined> {
  const lines = await openLines(source, options)
  const hashed = createHashedTexts(lines.header)
  const last = keyHolder()
  let isOrdered = true
  let entries = 0
  let bytes = 0

  /** Whether a key comes behind the last one, whose place it takes. */
  const follows = (key: KeyBytes): boolean => {
    const shared = sharedBytes(last, key)
    const order = entries === 0 ? -1 : compareAfterShared(last, key, shared)
    if (order === 0) throw duplicate('upstream', Buffer.from(key.bytes.subarray(key.from, key.end)).toString('utf8'))
    last.replaceFrom(shared, key.bytes, key.from + shared, key.end)
    return order < 0
  }
  const addEntry = (entry: Entry, key: KeyBytes): void => {
    isOrdered &&= follows(key)
    if (!isOrdered) return
    hashed.text(hashedText(entry))
    entries++
    bytes += entry.size
  }
  /** Hashes lines until one must be looked at. @returns that one */
  const addLines = (lines: OrdinaryLines, from: number): number => {
    const { calls, out, previous, fields } = lines.bench
    if (last.end > previous.length) return from
    previous.set(last.bytes.subarray(0, last.end))
    const end = calls.writeHashed(from, lines.count, entries === 0 ? -1 : last.end)
    if (end === from) return from
    hashed.bytes(out.subarray(0, Number(calls.hashedBytes.value)))
    entries += end - from
    bytes += Number(calls.hashedSizes.value)
    const record = (end - 1) * fieldsInLine
    last.copy(lines.bytes, fields[record + keyFromAt] ?? 0, fields[record + keyEndAt] ?? 0)
    return end
  }
  const visitor: LineVisitor = {
    ordinary(block) {
      const entryOf = entriesOf(block)
      for (let line = 0; isOrdered && line < block.count; line++) {
        line = addLines(block, line)
        if (line === block.count) return
        const record = line * fieldsInLine
        const { fields } = block.bench
        const key = { bytes: block.bytes, from: fields[record + keyFromAt] ?? 0, end: fields[record + keyEndAt] ?? 0 }
        addEntry(entryOf(line), key)
      }
    },
    other(text, place) {
      const record = readRecord(text, place)
      if (!isOrdered || 'directory' in record) return
      const bytes = keyBytesOf(record.entry.logicalKey)
      // Half of a surrogate pair: the order of bytes says nothing.
      if (bytes === undefined) isOrdered = false
      else addEntry(record.entry, { bytes, from: 0, end: bytes.length })
    },
  }
  try {
    while (isOrdered && (await lines.showNext(visitor)));
  } finally {
    await lines.close()
  }
  return isOrdered ? { topHash: hashed.digest(), entries, bytes } : undefined
}
