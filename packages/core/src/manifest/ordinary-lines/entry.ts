// The entries of ordinary lines.
import { parseJson } from '../../json/parse.js'
import { emptyJsonObject, isJsonObject, type JsonObject } from '../../json/value.js'
import type { Entry } from '../entry.js'
import {
  chunkedHashFlag,
  doublesInLine,
  fieldsInLine,
  flagsAt,
  hashTypeEndAt,
  hashTypeFromAt,
  hashValueEndAt,
  hashValueFromAt,
  keyEndAt,
  keyFromAt,
  lineEndAt,
  lineFromAt,
  metaEndAt,
  metaFromAt,
  notAsciiFlag,
  physicalKeyEndAt,
  physicalKeyFromAt,
  sizeAt,
} from './line-fields.js'
import type { Workbench } from './module.js'

/** What is needed of lines to make their entries. */
interface LinesOfEntries {
  readonly bytes: Uint8Array
  readonly count: number
  readonly bench: Pick<Workbench, 'fields' | 'doubles'>
}

/** So many lines are made text at once: a call costs as much as the text of some of them. */
const linesOfText = 4

/**
 * Gives the entries of lines by their number. Their texts are pieces of the text of four lines, not of the block: an entry
 * that is kept keeps about a kilobyte.
 */
export function entriesOf({ bytes, count, bench: { fields, doubles } }: LinesOfEntries): (line: number) => Entry {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const field = (line: number, at: number): number => fields[line * fieldsInLine + at] ?? 0
  let text = ''
  let textFrom = 0
  let firstLine = -linesOfText
  const asciiOf = (from: number, end: number): string => text.slice(from - textFrom, end - textFrom)
  const utf8Of = (from: number, end: number): string => buffer.toString('utf8', from, end)
  return (line) => {
    if (line < firstLine || line >= firstLine + linesOfText) {
      firstLine = line
      textFrom = field(line, lineFromAt)
      text = buffer.toString('latin1', textFrom, field(Math.min(line + linesOfText, count) - 1, lineEndAt))
    }
    const flags = field(line, flagsAt)
    const textOf = (flags & notAsciiFlag) === 0 ? asciiOf : utf8Of
    const metaFrom = field(line, metaFromAt)
    const metaEnd = field(line, metaEndAt)
    const isChunked = (flags & chunkedHashFlag) !== 0
    return {
      logicalKey: textOf(field(line, keyFromAt), field(line, keyEndAt)),
      physicalKey: textOf(field(line, physicalKeyFromAt), field(line, physicalKeyEndAt)),
      size: doubles[line * doublesInLine + sizeAt] ?? 0,
      hash: {
        // One text for all entries, not a piece of each line.
        type: isChunked ? 'sha2-256-chunked' : textOf(field(line, hashTypeFromAt), field(line, hashTypeEndAt)),
        value: textOf(field(line, hashValueFromAt), field(line, hashValueEndAt)),
      },
      meta: metaEnd - metaFrom === 2 ? emptyJsonObject : metaOf(textOf(metaFrom, metaEnd)),
    }
  }
}

function metaOf(text: string): JsonObject {
  const meta = parseJson(text)
  return isJsonObject(meta) ? meta : emptyJsonObject
}
