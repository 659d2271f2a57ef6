// The entries of ordinary lines.
import { parseJson } from '../../json/parse.js'
import { emptyJsonObject, isJsonObject, type JsonObject } from '../../json/value.js'
import type { Entry } from '../entry.js'
import {
  doublesInLine,
  fieldsInLine,
  hashTypeEndAt,
  hashTypeFromAt,
  hashValueEndAt,
  hashValueFromAt,
  isNotAsciiAt,
  keyEndAt,
  keyFromAt,
  lineEndAt,
  lineFromAt,
  metaEndAt,
  metaFromAt,
  physicalKeyEndAt,
  physicalKeyFromAt,
  sizeAt,
} from './line-fields.js'
import type { Workbench } from './module.js'

const chunkedType = 'sha2-256-chunked'

/** What is needed of lines to make their entries. */
interface LinesOfEntries {
  readonly bytes: Uint8Array
  readonly bench: Pick<Workbench, 'fields' | 'doubles'>
}

/** Gives the entries of lines by their number. */
export function entriesOf({ bytes, bench: { fields, doubles } }: LinesOfEntries): (line: number) => Entry {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (line) => {
    const record = line * fieldsInLine
    const lineFrom = fields[record + lineFromAt] ?? 0
    const isAscii = fields[record + isNotAsciiAt] === 0
    // The texts of an entry share the text of its line, not of the block: an entry that is kept keeps some hundred bytes.
    const text = isAscii ? buffer.toString('latin1', lineFrom, fields[record + lineEndAt]) : ''
    const textOf = (from: number, end: number): string =>
      isAscii ? text.slice(from - lineFrom, end - lineFrom) : buffer.toString('utf8', from, end)
    const type = textOf(fields[record + hashTypeFromAt] ?? 0, fields[record + hashTypeEndAt] ?? 0)
    const metaFrom = fields[record + metaFromAt] ?? 0
    const metaEnd = fields[record + metaEndAt] ?? 0
    return {
      logicalKey: textOf(fields[record + keyFromAt] ?? 0, fields[record + keyEndAt] ?? 0),
      physicalKey: textOf(fields[record + physicalKeyFromAt] ?? 0, fields[record + physicalKeyEndAt] ?? 0),
      size: doubles[line * doublesInLine + sizeAt] ?? 0,
      hash: {
        // One text for all entries, not a piece of each line.
        type: type === chunkedType ? chunkedType : type,
        value: textOf(fields[record + hashValueFromAt] ?? 0, fields[record + hashValueEndAt] ?? 0),
      },
      meta: metaEnd - metaFrom === 2 ? emptyJsonObject : metaOf(textOf(metaFrom, metaEnd)),
    }
  }
}

function metaOf(text: string): JsonObject {
  const meta = parseJson(text)
  return isJsonObject(meta) ? meta : emptyJsonObject
}
