// Goes through a block line by line: those that are ordinary many at once, the others as text.
import { checkLineLength, type LineBlock, type LinePlace, lineEndFrom, lineText } from '../lines.js'
import { fieldsInLine, lineEndAt, lineFromAt, nextLineAt } from './line-fields.js'
import { type Workbench, workbench } from './module.js'

/**
 * Lines that follow each other, spelt as quilt3 writes them and without escapes. Their fields lie on the workbench: valid
 * until the visitor returns.
 */
export interface OrdinaryLines {
  readonly count: number
  /** The bytes in which the fields' indexes count. */
  readonly bytes: Uint8Array
  /** Where `bytes` begins in the manifest. */
  readonly offset: number
  readonly bench: Workbench
}

/** Takes the lines of a block in their order. Leaves the workbench's input as it is. */
export interface LineVisitor {
  ordinary(lines: OrdinaryLines): void
  /** Any other line that is not empty. */
  other(text: string, place: OtherLine): void
}

/** Where a line lies that is not ordinary. */
export interface OtherLine extends LinePlace {
  /** Where it begins in the manifest. */
  readonly offset: number
}

/** How lines are visited. */
export interface VisitOptions {
  /** Longest line that is read, in bytes. */
  readonly maxRecordBytes: number
  /** Number of the next line and where it begins in the manifest; counted on. */
  readonly place: { line: number; offset: number }
}

/**
 * Shows the lines of a block.
 * @throws {QuiltError} `upstream` for a line that is too long; what the visitor throws
 */
export function visitLines(
  { bytes, endsOpen }: LineBlock,
  visitor: LineVisitor,
  { maxRecordBytes, place }: VisitOptions,
): void {
  const bench = workbench()
  const room = bench.input.length - 1
  const blockOffset = place.offset
  for (let from = 0; from < bytes.length; ) {
    const part = bytes.subarray(from, from + room)
    bench.input.set(part)
    // Ends every field: what lies behind it from earlier use cannot go on with a line that is cut here.
    bench.input[part.length] = 0
    let at = 0
    while (at < part.length) {
      const count = bench.calls.scan(at, part.length)
      if (count > 0) {
        checkLengths(bench.fields, count, { maxRecordBytes, place })
        visitor.ordinary({ count, bytes: part, offset: blockOffset + from, bench })
        place.line += count
        at = bench.fields[(count - 1) * fieldsInLine + nextLineAt] ?? part.length
        continue
      }
      const end = lineEndFrom(bytes, from + at)
      // A line that is cut by the end of the part, not by its own spelling: it begins the next one.
      if (end > from + part.length && at > 0) break
      checkLineLength(end - from - at - 1, place.line, maxRecordBytes)
      const text = lineText(bytes, from + at, end)
      if (text !== '') visitor.other(text, { line: place.line, endsOpen, offset: blockOffset + from + at })
      place.line++
      at = end - from
    }
    from += at
    place.offset = blockOffset + from
  }
}

function checkLengths(fields: Int32Array, count: number, { maxRecordBytes, place }: VisitOptions): void {
  for (let line = 0; line < count; line++) {
    const record = line * fieldsInLine
    const length = (fields[record + lineEndAt] ?? 0) - (fields[record + lineFromAt] ?? 0)
    checkLineLength(length, place.line + line, maxRecordBytes)
  }
}
