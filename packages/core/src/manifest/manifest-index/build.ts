// Builds the index of a manifest in one pass over its bytes; holds the index, never the manifest.
import { QuiltError } from '../../errors.js'
import { isTopHash } from '../../name.js'
import { keyBytesOf } from '../key-bytes.js'
import { openLines, type ReadManifestOptions } from '../open-lines.js'
import type { LineVisitor } from '../ordinary-lines/visit.js'
import { readRecord } from '../read.js'
import { encodeIndex, type IndexHead } from './layout.js'
import { sortedRecords } from './sorted-records.js'

/** How an index is built. */
export interface BuildIndexOptions extends ReadManifestOptions {
  /** The manifest's name; the index is bound to it. */
  readonly topHash: string
}

/**
 * The index of a manifest as bytes, 15 to 20 for each entry: keep them, and read them with {@link openManifestIndex}.
 *
 * Entries that are not in tree order are sorted, and all are held for that. The index belongs to these very bytes: a
 * later push may rewrite a manifest under the same top hash (formats.md 3.1), so check a line that is read by it.
 * @param source the manifest's bytes in any chunks
 * @throws {QuiltError} `upstream` when the manifest is damaged, `partial` when it breaks off, `invalid_input` when
 *   `topHash` is none, `unsupported` for more than 4,000,000 directories or keys with half a surrogate pair
 */
export async function buildManifestIndex(
  source: AsyncIterable<Uint8Array>,
  { topHash, ...options }: BuildIndexOptions,
): Promise<Uint8Array> {
  if (!isTopHash(topHash)) {
    throw new QuiltError('invalid_input', `${JSON.stringify(topHash)} is not a top hash`, {
      hint: 'Give the 64 hexadecimal digits that name the manifest.',
    })
  }
  const lines = await openLines(source, options)
  const records = indexedLines()
  try {
    while (await lines.showNext(records.visitor));
  } finally {
    await lines.close()
  }
  return records.finish({ topHash, headerBytes: lines.headerBytes, manifestBytes: lines.shownBytes() })
}

function indexedLines() {
  const directoryLines = sortedRecords()
  const entries = sortedRecords()
  const visitor: LineVisitor = {
    ordinary: (lines) => entries.addLines(lines),
    other(text, place) {
      const record = readRecord(text, place)
      const { logicalKey } = 'entry' in record ? record.entry : record.directory
      const bytes = keyBytesOf(logicalKey)
      if (bytes === undefined) throw notUtf8(logicalKey)
      const key = { bytes, from: 0, end: bytes.length }
      const line = { offset: place.offset, length: Buffer.byteLength(text) }
      if ('entry' in record) entries.add(key, { size: record.entry.size, ...line })
      else directoryLines.add(key, { size: 0, ...line })
    },
  }
  const finish = (about: Pick<IndexHead, 'topHash' | 'headerBytes' | 'manifestBytes'>): Uint8Array => {
    const tree = entries.finish()
    const lines = directoryLines.finish()
    return encodeIndex(
      {
        ...about,
        entries: tree.count,
        bytes: tree.extensions.reduce((sum, { bytes }) => sum + bytes, 0),
        directories: tree.directories.count,
        directoryLines: lines.count,
      },
      {
        directories: [tree.directories.table],
        entryBlocks: [tree.blockOffsets],
        entries: tree.data,
        lineBlocks: [lines.blockOffsets],
        lines: lines.data,
        extensions: [Buffer.from(JSON.stringify(tree.extensions))],
      },
    )
  }
  return { visitor, finish }
}

function notUtf8(logicalKey: string): QuiltError {
  return new QuiltError('unsupported', `the key ${JSON.stringify(logicalKey)} holds half of a surrogate pair`, {
    hint: 'Read the entries one after the other instead.',
  })
}
