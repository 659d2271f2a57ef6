// Bytes of a manifest to its lines, in batches; holds one batch, never the file (formats.md 13.2).
import { QuiltError } from '../errors.js'

/** Some consecutive lines, without their ends. */
export interface LineBatch {
  /** Number of the first line, counted from 1. */
  readonly firstLine: number
  readonly lines: readonly string[]
  /** Whether the source ended without ending the last line. */
  readonly endsOpen: boolean
}

/** How lines are read. */
export interface LineOptions {
  readonly signal?: AbortSignal | undefined
  /** Longest line that is read, in UTF-8 bytes. */
  readonly maxRecordBytes: number
}

const linesInBatch = 1_000
const pieceBytes = 65_536
const lineFeed = 0x0a

/**
 * Lines of UTF-8 bytes, ended by LF or CRLF, however the source cuts them.
 * @throws {QuiltError} `upstream` for bytes that are not UTF-8 or a line that is too long, `partial` when the last,
 *   unended line breaks off within a character; the signal's reason when aborted
 */
export async function* lineBatches(
  source: AsyncIterable<Uint8Array>,
  { signal, maxRecordBytes }: LineOptions,
): AsyncGenerator<LineBatch, void, undefined> {
  let lines: string[] = []
  let firstLine = 1
  let rest: Uint8Array[] = []
  let restBytes = 0
  const take = (block: string): void => {
    for (const line of block.split('\n')) {
      // A UTF-16 unit takes at most three bytes: most lines need no counting.
      if (line.length * 3 > maxRecordBytes)
        checkLength(Buffer.byteLength(line), firstLine + lines.length, maxRecordBytes)
      lines.push(line.endsWith('\r') ? line.slice(0, -1) : line)
    }
  }
  const batch = (endsOpen: boolean): LineBatch => {
    const full = { firstLine, lines, endsOpen }
    firstLine += lines.length
    lines = []
    return full
  }
  for await (const chunk of source) {
    signal?.throwIfAborted()
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const piece = chunk.subarray(from, from + pieceBytes)
      const end = piece.lastIndexOf(lineFeed)
      if (end >= 0) {
        take(decode([...rest, piece.subarray(0, end)], firstLine + lines.length))
        rest = []
        restBytes = 0
      }
      if (end + 1 < piece.length) {
        // A copy: the source may use its buffer again.
        rest.push(piece.slice(end + 1))
        restBytes += piece.length - end - 1
        checkLength(restBytes, firstLine + lines.length, maxRecordBytes)
      }
      if (lines.length >= linesInBatch) yield batch(false)
    }
  }
  signal?.throwIfAborted()
  if (restBytes > 0) take(decodeOpenEnd(rest, firstLine + lines.length))
  if (lines.length > 0) yield batch(restBytes > 0)
}

function decode(pieces: readonly Uint8Array[], lineNumber: number): string {
  const [only] = pieces
  const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new QuiltError('upstream', `the manifest is not UTF-8 near line ${lineNumber}`, {
      hint: 'The stored manifest is damaged; read an older revision of the package.',
      retryable: false,
      cause,
    })
  }
}

function decodeOpenEnd(pieces: readonly Uint8Array[], lineNumber: number): string {
  try {
    return decode(pieces, lineNumber)
  } catch (cause) {
    throw brokenOff(lineNumber, cause)
  }
}

/** The error for a source that ends within a line. */
export function brokenOff(lineNumber: number, cause?: unknown): QuiltError {
  return new QuiltError('partial', `the manifest breaks off in line ${lineNumber}`, {
    hint: 'Read it again; nothing was made of the part that came.',
    cause,
  })
}

function checkLength(bytes: number, lineNumber: number, maxRecordBytes: number): void {
  if (bytes <= maxRecordBytes) return
  throw new QuiltError('upstream', `line ${lineNumber} of the manifest is longer than ${maxRecordBytes} bytes`, {
    hint: 'Read it with a larger maxRecordBytes if the manifest is to be trusted.',
    retryable: false,
  })
}
