// A part of a text: by bytes, or by lines.
import { QuiltError } from '@quilt-mcp/core'
import { cutText } from '../cut-text.js'
import { partialEnd, partialStart, type TextEncoding } from './content-kind.js'

/** Some bytes of a text, decoded. Characters cut at an end are left out, and the positions say so. */
export interface ByteWindow {
  readonly text: string
  /** Position of the first byte decoded. */
  readonly firstByte: number
  /** Position behind the last byte decoded: where to go on. */
  readonly endByte: number
}

/** Decodes bytes that start at a position of the object. @param isEnd whether they go to its end */
export function byteWindow(
  bytes: Uint8Array,
  {
    firstByte,
    isEnd,
    encoding,
  }: { readonly firstByte: number; readonly isEnd: boolean; readonly encoding: TextEncoding },
): ByteWindow {
  const isUtf16 = encoding.startsWith('utf-16')
  const before = firstByte === 0 ? 0 : encoding === 'utf-8' ? partialStart(bytes) : isUtf16 ? firstByte % 2 : 0
  const rest = bytes.subarray(before)
  const behind = isEnd ? 0 : encoding === 'utf-8' ? partialEnd(rest) : isUtf16 ? rest.length % 2 : 0
  const whole = rest.subarray(0, rest.length - behind)
  const from = firstByte + before
  return {
    text: new TextDecoder(encoding, { ignoreBOM: from > 0 }).decode(whole),
    firstByte: from,
    endByte: from + whole.length,
  }
}

/** Some lines of a text, their ends included. */
export interface LineWindow {
  readonly text: string
  /** The first line that is not in `text`. Absent when the text ends before it. */
  readonly nextLine?: number
  /** Whether the last line here is not whole: a single line longer than `maxChars`. */
  readonly isCut: boolean
}

export interface LineRange {
  /** First line wanted, counted from 1. */
  readonly startLine: number
  readonly maxLines: number
  /** Characters to stop at, at the end of a line where there is one. */
  readonly maxChars: number
  readonly encoding: TextEncoding
}

/** Bytes read at most in search of a line. */
const mostScannedBytes = 64 * 1024 * 1024

/** Reads lines from a text that is streamed from its start; leaves the stream as soon as it has them.
 * @throws {QuiltError} `invalid_input` when a line is further in than 64 MiB, or the text has fewer lines */
export async function lineWindow(body: AsyncIterable<Uint8Array>, range: LineRange): Promise<LineWindow> {
  const decoder = new TextDecoder(range.encoding)
  const lines = collectLines(range)
  let scannedBytes = 0
  for await (const chunk of body) {
    scannedBytes += chunk.length
    if (lines.add(decoder.decode(chunk, { stream: true }))) return lines.window()
    if (scannedBytes > mostScannedBytes) {
      throw new QuiltError('invalid_input', `line ${range.startLine} and what follows lie beyond the first 64 MiB`, {
        hint: 'Use start_byte to read further in, or object_link to download the object.',
        nextTools: ['object_read', 'object_link'],
      })
    }
  }
  lines.add(decoder.decode())
  return lines.window()
}

/** Takes a text in pieces and keeps the lines of a range. `add` answers whether no more text is needed. */
function collectLines({ startLine, maxLines, maxChars }: LineRange) {
  let line = 1
  let kept = ''
  let isLineOpen = false
  let isMore = false

  return {
    add(text: string): boolean {
      let from = 0
      while (from < text.length) {
        // One character beyond the last line tells that the text goes on.
        isMore = line >= startLine + maxLines || kept.length > maxChars
        if (isMore) return true
        const lineEnd = text.indexOf('\n', from)
        const end = lineEnd === -1 ? text.length : lineEnd + 1
        if (line >= startLine) kept += text.slice(from, end)
        isLineOpen = lineEnd === -1
        if (!isLineOpen) line++
        from = end
      }
      return kept.length > maxChars
    },
    window(): LineWindow {
      if (kept.length > maxChars) {
        const lastEnd = kept.lastIndexOf('\n', maxChars - 1)
        const text = lastEnd === -1 ? cutText(kept, maxChars) : kept.slice(0, lastEnd + 1)
        const nextLine = startLine + (lastEnd === -1 ? 1 : text.split('\n').length - 1)
        return { text, isCut: lastEnd === -1, nextLine }
      }
      const lineCount = isLineOpen ? line : line - 1
      if (kept === '' && startLine > 1) {
        throw new QuiltError('invalid_input', `the text has no line ${startLine}: it has ${lineCount}`, {
          hint: `Pass start_line from 1 to ${Math.max(1, lineCount)}.`,
        })
      }
      return { text: kept, isCut: false, ...(isMore && { nextLine: line }) }
    },
  }
}
