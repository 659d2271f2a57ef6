// A manifest as its header and the lines behind it: what reading, indexing, hashing and comparing have in common.
import type { ManifestHeader } from './entry.js'
import { headerFrom } from './header.js'
import { brokenOff, checkLineLength, damagedLine, lineBlocks, lineEndFrom, lineText, parseLine } from './lines.js'
import { type LineVisitor, visitLines } from './ordinary-lines/visit.js'

/** How a manifest is read. */
export interface ReadManifestOptions {
  /** Ends reading; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Longest line that is read, in UTF-8 bytes. Default 16 MiB. (Quilt writes at most 1,000,000.) */
  readonly maxRecordBytes?: number | undefined
}

/** A manifest whose header has been read. */
export interface OpenLines {
  /** Without the key `top_hash` of very old manifests. */
  readonly header: ManifestHeader
  /** Length of the first line, without its end. */
  readonly headerBytes: number
  /** Shows the lines of the next block. False when there was none. @throws {QuiltError} what the source and visitor throw */
  showNext(visitor: LineVisitor): Promise<boolean>
  /** How many bytes were shown, the header's among them. */
  shownBytes(): number
  /** Closes the source. Harmless at any time. */
  close(): Promise<void>
}

const defaultMaxRecordBytes = 16 * 1_048_576

/**
 * Reads the header of a manifest. When that fails the source is closed.
 * @throws {QuiltError} `upstream` when the header is damaged, `partial` when the source ends within it
 */
export async function openLines(
  source: AsyncIterable<Uint8Array>,
  { signal, maxRecordBytes = defaultMaxRecordBytes }: ReadManifestOptions = {},
): Promise<OpenLines> {
  const place = { line: 1, offset: 0 }
  const blocks = lineBlocks(source, { signal, maxRecordBytes, place })
  const close = async (): Promise<void> => {
    await blocks.return(undefined)
  }
  try {
    const first = await blocks.next()
    if (first.done === true) throw brokenOff(1)
    const { bytes, endsOpen } = first.value
    const headerEnd = lineEndFrom(bytes, 0)
    checkLineLength(headerEnd - 1, 1, maxRecordBytes)
    const text = lineText(bytes, 0, headerEnd)
    const header = headerFrom(parseLine(text, { line: 1, endsOpen }))
    if (header === undefined) throw damagedLine(1, 'it is not an object')
    place.line = 2
    place.offset = headerEnd
    let rest: typeof first.value | undefined = { bytes: bytes.subarray(headerEnd), endsOpen }
    return {
      header,
      headerBytes: Buffer.byteLength(text),
      async showNext(visitor) {
        const next = rest === undefined ? await blocks.next() : { done: false, value: rest }
        rest = undefined
        if (next.done === true || next.value === undefined) return false
        visitLines(next.value, visitor, { maxRecordBytes, place })
        return true
      },
      shownBytes: () => place.offset,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
