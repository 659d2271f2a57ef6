// Bytes of a manifest to blocks of whole lines; holds one block, never the file (formats.md 13.2).
import { isUtf8 } from 'node:buffer'
import { QuiltError } from '../errors.js'
import { parseJson } from '../json/parse.js'
import type { Json } from '../json/value.js'

/** Some consecutive whole lines. Valid until the next block is asked for: the source may use its buffer again. */
export interface LineBlock {
  /** Valid UTF-8; ends with a line feed, unless `endsOpen`. Never empty. */
  readonly bytes: Uint8Array
  /** Whether the source ended without ending the last line. That line comes alone. */
  readonly endsOpen: boolean
}

/** How lines are read. */
export interface LineOptions {
  readonly signal?: AbortSignal | undefined
  /** Longest line that is read, in UTF-8 bytes. */
  readonly maxRecordBytes: number
  /** Where reading has come to. Whoever takes the lines counts them here; errors name the place. */
  readonly place: { line: number }
}

const pieceBytes = 98_304
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Blocks of lines, ended by LF, however the source cuts them.
 * @throws {QuiltError} `upstream` for bytes that are not UTF-8 or an open line that is too long, `partial` when the last,
 *   unended line breaks off within a character; the signal's reason when aborted
 */
export async function* lineBlocks(
  source: AsyncIterable<Uint8Array>,
  { signal, maxRecordBytes, place }: LineOptions,
): AsyncGenerator<LineBlock, void, undefined> {
  let rest: Uint8Array[] = []
  let restBytes = 0
  for await (const chunk of source) {
    signal?.throwIfAborted()
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const piece = chunk.subarray(from, from + pieceBytes)
      const end = piece.lastIndexOf(lineFeed) + 1
      let begin = 0
      if (end > 0 && restBytes > 0) {
        begin = piece.indexOf(lineFeed) + 1
        yield block(Buffer.concat([...rest, piece.subarray(0, begin)]), place.line)
        rest = []
        restBytes = 0
      }
      if (begin < end) yield block(piece.subarray(begin, end), place.line)
      if (end < piece.length) {
        // A copy; `slice` of a Buffer would be none.
        rest.push(new Uint8Array(piece.subarray(end)))
        restBytes += piece.length - end
        checkLineLength(restBytes, place.line, maxRecordBytes)
      }
    }
  }
  signal?.throwIfAborted()
  if (restBytes > 0) yield openEnd(Buffer.concat(rest), place.line)
}

function block(bytes: Uint8Array, line: number): LineBlock {
  if (isUtf8(bytes)) return { bytes, endsOpen: false }
  throw new QuiltError('upstream', `the manifest is not UTF-8 near line ${line}`, {
    hint: 'The stored manifest is damaged; read an older revision of the package.',
    retryable: false,
  })
}

function openEnd(bytes: Uint8Array, line: number): LineBlock {
  if (!isUtf8(bytes)) throw brokenOff(line)
  return { bytes, endsOpen: true }
}

/** The error for a source that ends within a line. */
export function brokenOff(line: number, cause?: unknown): QuiltError {
  return new QuiltError('partial', `the manifest breaks off in line ${line}`, {
    hint: 'Read it again; nothing was made of the part that came.',
    cause,
  })
}

/** @throws {QuiltError} `upstream` when a line has more bytes than are read */
export function checkLineLength(bytes: number, line: number, maxRecordBytes: number): void {
  if (bytes <= maxRecordBytes) return
  throw new QuiltError('upstream', `line ${line} of the manifest is longer than ${maxRecordBytes} bytes`, {
    hint: 'Read it with a larger maxRecordBytes if the manifest is to be trusted.',
    retryable: false,
  })
}

/** The text of a line, without LF or CRLF. */
export function lineText(bytes: Uint8Array, from: number, end: number): string {
  let last = end
  if (last > from && bytes[last - 1] === lineFeed) last--
  if (last > from && bytes[last - 1] === carriageReturn) last--
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, last - from).toString('utf8')
}

/** Index behind the LF that ends the line at `from`; the block's length when it has none. */
export function lineEndFrom(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(lineFeed, from)
  return at < 0 ? bytes.length : at + 1
}

/** Where a line stands. */
export interface LinePlace {
  /** Its number, from 1 on. */
  readonly line: number
  /** Whether the source ended within the line. */
  readonly endsOpen: boolean
}

/** The value of a line. */
export function parseLine(text: string, { line, endsOpen }: LinePlace): Json {
  try {
    return parseJson(text)
  } catch (cause) {
    if (endsOpen) throw brokenOff(line, cause)
    throw damagedLine(line, 'it is not valid JSON', cause)
  }
}

/** The error for a line that is not what a manifest holds. */
export function damagedLine(lineNumber: number, reason: string, cause?: unknown): QuiltError {
  return new QuiltError('upstream', `line ${lineNumber} of the manifest is damaged: ${reason}`, {
    hint: 'Read an older revision of the package, or push it again from its source.',
    details: { line: lineNumber },
    retryable: false,
    cause,
  })
}
