// Writes a stored manifest anew with some entries changed: lines that stay are copied as bytes, never read as entries.
import { QuiltError } from '../errors.js'
import { encodeManifestJson } from '../json/encode.js'
import type { Entry, ManifestHeader } from './entry.js'
import { compareKeyBytes, type KeyBytes, keyHolder, keyOrderBytes } from './key-bytes.js'
import { openLines, type ReadManifestOptions } from './open-lines.js'
import { duplicate } from './order.js'
import { fieldsInLine, keyEndAt, keyFromAt, lineEndAt, lineFromAt, nextLineAt } from './ordinary-lines/line-fields.js'
import type { LineVisitor, OrdinaryLines } from './ordinary-lines/visit.js'
import { readRecord } from './read.js'
import { entryLine } from './record.js'
import { lineBytes } from './write.js'

/** What changes in a manifest. */
export interface ManifestChanges {
  /** The new header. Default: the old one, without the key `top_hash` of very old manifests. */
  readonly header?: ManifestHeader | undefined
  /** Entries that are added, or come in the place of those with their keys; in any order. Default none. */
  readonly put?: Iterable<Entry> | undefined
  /** Keys of entries that are left out; those that are not there do not matter. Default none. */
  readonly remove?: Iterable<string> | undefined
}

const carriageReturn = 0x0d

/**
 * The bytes of a manifest with some entries changed, a chunk for each block of the source: what `writeManifest` gives for
 * the entries merged, but that lines which stay are kept byte for byte, in any spelling. Holds the changes.
 * @param source the bytes of a manifest whose entries come in tree order, behind the metadata of directories
 * @throws {QuiltError} as `openManifest`; `invalid_input` for an entry that cannot be written, and for a key that is put
 *   twice, or put and removed; `unsupported` for a source in another order: read its entries, sort and write them
 */
export async function* rewriteManifest(
  source: AsyncIterable<Uint8Array>,
  { header, put = [], remove = [] }: ManifestChanges,
  options?: ReadManifestOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const changes = sortedChanges(put, remove)
  const lines = await openLines(source, options)
  try {
    yield lineBytes(encodeManifestJson(header ?? lines.header), 'header')
    const rewriter = createRewriter(changes)
    while (await lines.showNext(rewriter.visitor)) {
      const chunk = rewriter.taken()
      if (chunk.length > 0) yield chunk
    }
    rewriter.finish()
    const chunk = rewriter.taken()
    if (chunk.length > 0) yield chunk
  } finally {
    await lines.close()
  }
}

/** One key whose entry is replaced, added or, without a line, removed. */
interface Change {
  readonly key: KeyBytes
  readonly line: Uint8Array | undefined
}

function sortedChanges(put: Iterable<Entry>, remove: Iterable<string>): readonly Change[] {
  const changes = new Map<string, Change>()
  const add = (logicalKey: string, line: Uint8Array | undefined): void => {
    const bytes = keyOrderBytes(logicalKey)
    changes.set(logicalKey, { key: { bytes, from: 0, end: bytes.length }, line })
  }
  for (const logicalKey of remove) add(logicalKey, undefined)
  for (const entry of put) {
    if (changes.has(entry.logicalKey)) throw duplicate('invalid_input', entry.logicalKey)
    add(entry.logicalKey, lineBytes(entryLine(entry), entry.logicalKey))
  }
  return [...changes.values()].sort((a, b) => compareKeyBytes(a.key, b.key))
}

function createRewriter(changes: readonly Change[]) {
  const last = keyHolder()
  const key: KeyBytes = { bytes: new Uint8Array(), from: 0, end: 0 }
  let parts: Uint8Array[] = []
  let entries = 0
  let nextChange = 0

  /** Writes the changes whose keys come before this one. @returns whether the next change is of this very key */
  const changesBefore = (stays: KeyBytes | undefined): boolean => {
    for (let change = changes[nextChange]; change !== undefined; change = changes[++nextChange]) {
      const order = stays === undefined ? -1 : compareKeyBytes(change.key, stays)
      if (order > 0) return false
      if (change.line !== undefined) parts.push(change.line)
      if (order < 0) continue
      nextChange++
      return true
    }
    return false
  }
  const setKey = ({ bytes, bench: { fields } }: OrdinaryLines, line: number): KeyBytes => {
    key.bytes = bytes
    key.from = fields[line * fieldsInLine + keyFromAt] ?? 0
    key.end = fields[line * fieldsInLine + keyEndAt] ?? 0
    return key
  }
  /** The first line from there on whose key does not come before that of a change; the line behind the last if there is none. */
  const lineFor = (lines: OrdinaryLines, from: number, change: Change): number => {
    let low = from
    let high = lines.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeyBytes(setKey(lines, middle), change.key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  const copy = ({ bytes, bench: { fields } }: OrdinaryLines, from: number, end: number): void => {
    if (from === end) return
    const start = fields[from * fieldsInLine + lineFromAt] ?? 0
    const span = bytes.subarray(start, fields[(end - 1) * fieldsInLine + nextLineAt])
    if (!span.includes(carriageReturn)) {
      parts.push(span)
      return
    }
    for (let line = from; line < end; line++) {
      const lineFrom = fields[line * fieldsInLine + lineFromAt] ?? 0
      parts.push(bytes.subarray(lineFrom, fields[line * fieldsInLine + lineEndAt]), Buffer.from('\n'))
    }
  }
  const checkOrder = (next: KeyBytes): void => {
    if (entries > 0 && compareKeyBytes(last, next) >= 0) throw notInOrder()
  }
  const visitor: LineVisitor = {
    ordinary(lines) {
      checkOrder(setKey(lines, 0))
      if (lines.bench.calls.noteKeys(lines.count, -1) < lines.count) throw notInOrder()
      let from = 0
      for (let change = changes[nextChange]; change !== undefined; change = changes[nextChange]) {
        const line = lineFor(lines, from, change)
        copy(lines, from, line)
        from = line
        if (line === lines.count) break
        if (changesBefore(setKey(lines, line))) from++
      }
      copy(lines, from, lines.count)
      setKey(lines, lines.count - 1)
      last.copy(lines.bytes, key.from, key.end)
      entries += lines.count
    },
    other(text, place) {
      const record = readRecord(text, place)
      if ('directory' in record) {
        if (entries > 0) throw notInOrder()
        parts.push(Buffer.from(`${text}\n`))
        return
      }
      const bytes = keyOrderBytes(record.entry.logicalKey)
      const found = { bytes, from: 0, end: bytes.length }
      checkOrder(found)
      if (!changesBefore(found)) parts.push(Buffer.from(`${text}\n`))
      last.copy(bytes, 0, bytes.length)
      entries++
    },
  }
  return {
    visitor,
    /** Writes the changes that are left. */
    finish(): void {
      changesBefore(undefined)
    },
    /** What was written since it was last asked for. */
    taken(): Uint8Array {
      const chunk = Buffer.concat(parts)
      parts = []
      return chunk
    },
  }
}

function notInOrder(): QuiltError {
  return new QuiltError('unsupported', 'the lines of the manifest do not come in tree order, directories first', {
    hint: 'Read its entries, sort them with compareLogicalKeys, and write them with writeManifest.',
  })
}
