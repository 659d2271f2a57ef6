// Runs once a line: finds the fields of an entry line as quilt3 writes it (formats.md 2.3), without reading JSON.
// Anything unusual is left to recordFrom, so that the two always agree.
import { isAscii } from 'node:buffer'
import { parseJson } from '../json/parse.js'
import { skipDigits, skipPlainJson, skipPlainText, type WordBytes, wordBytes } from '../json/skip.js'
import { emptyJsonObject, isJsonObject, type JsonObject } from '../json/value.js'
import type { Entry } from './entry.js'

/** Where the fields of a line lie: indexes into its block, `...End` behind the last byte. Reused from line to line. */
export interface LineFields {
  keyFrom: number
  keyEnd: number
  physicalKeyFrom: number
  physicalKeyEnd: number
  /** Bytes of the object. */
  size: number
  hashTypeFrom: number
  hashTypeEnd: number
  hashValueFrom: number
  hashValueEnd: number
  metaFrom: number
  metaEnd: number
  /** Behind the line's closing brace. */
  lineEnd: number
  /** Behind the line's LF. */
  next: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const zero = 0x30
const openBrace = 0x7b
const closeBrace = 0x7d
/** More digits may not be exact in a double. */
const maxSizeDigits = 15

/** A text between two fields, as the eight-byte words that cover it; the last one overlaps. */
interface Frame {
  readonly length: number
  /** As doubles: one comparison for eight bytes. No bytes of ASCII make NaN, and none of them are two zeros. */
  readonly words: Float64Array
}

const beforeKey = frame('{"logical_key": "')
const beforePhysicalKey = frame('", "physical_keys": ["')
const beforeSize = frame('"], "size": ')
const beforeHashType = frame(', "hash": {"type": "')
const beforeHashValue = frame('", "value": "')
const beforeMeta = frame('"}, "meta": ')

function frame(text: string): Frame {
  const { length } = text
  const { view } = wordBytes(new TextEncoder().encode(text))
  const words = Float64Array.from({ length: Math.ceil(length / 8) }, (_, word) =>
    view.getFloat64(Math.min(word * 8, length - 8)),
  )
  return { length, words }
}

/** Fields to be filled by {@link scanOrdinaryLine}. */
export function lineFields(): LineFields {
  return {
    keyFrom: 0,
    keyEnd: 0,
    physicalKeyFrom: 0,
    physicalKeyEnd: 0,
    size: 0,
    hashTypeFrom: 0,
    hashTypeEnd: 0,
    hashValueFrom: 0,
    hashValueEnd: 0,
    metaFrom: 0,
    metaEnd: 0,
    lineEnd: 0,
    next: 0,
  }
}

/**
 * Finds the fields of the line that begins at `from`. False, with fields half filled, when it is not the line of an
 * entry in quilt3's own spelling, without escapes in its texts: then read it the plain way.
 * @param block valid UTF-8 that ends with a line feed
 */
export function scanOrdinaryLine(block: WordBytes, from: number, fields: LineFields): boolean {
  const { bytes } = block
  if (!startsWith(block, from, beforeKey)) return false
  fields.keyFrom = from + beforeKey.length
  fields.keyEnd = skipPlainText(block, fields.keyFrom)
  if (fields.keyEnd < 0 || !startsWith(block, fields.keyEnd, beforePhysicalKey)) return false
  fields.physicalKeyFrom = fields.keyEnd + beforePhysicalKey.length
  fields.physicalKeyEnd = skipPlainText(block, fields.physicalKeyFrom)
  if (fields.physicalKeyEnd < 0 || !startsWith(block, fields.physicalKeyEnd, beforeSize)) return false
  const sizeFrom = fields.physicalKeyEnd + beforeSize.length
  const sizeEnd = skipDigits(bytes, sizeFrom)
  if (sizeEnd === sizeFrom || sizeEnd > sizeFrom + maxSizeDigits) return false
  if (bytes[sizeFrom] === zero && sizeEnd > sizeFrom + 1) return false
  fields.size = numberAt(bytes, sizeFrom, sizeEnd)
  if (!startsWith(block, sizeEnd, beforeHashType)) return false
  fields.hashTypeFrom = sizeEnd + beforeHashType.length
  fields.hashTypeEnd = skipPlainText(block, fields.hashTypeFrom)
  if (fields.hashTypeEnd < 0 || !startsWith(block, fields.hashTypeEnd, beforeHashValue)) return false
  fields.hashValueFrom = fields.hashTypeEnd + beforeHashValue.length
  fields.hashValueEnd = skipPlainText(block, fields.hashValueFrom)
  if (fields.hashValueEnd < 0 || !startsWith(block, fields.hashValueEnd, beforeMeta)) return false
  fields.metaFrom = fields.hashValueEnd + beforeMeta.length
  if (bytes[fields.metaFrom] !== openBrace) return false
  fields.metaEnd = skipPlainJson(block, fields.metaFrom)
  return fields.metaEnd > 0 && bytes[fields.metaEnd] === closeBrace && endsAt(bytes, fields.metaEnd + 1, fields)
}

function endsAt(bytes: Uint8Array, at: number, fields: LineFields): boolean {
  fields.lineEnd = at
  const end = bytes[at] === carriageReturn ? at + 1 : at
  fields.next = end + 1
  return bytes[end] === lineFeed
}

function startsWith({ view }: WordBytes, at: number, { length, words }: Frame): boolean {
  if (at + length > view.byteLength) return false
  for (let word = 0; word < words.length; word++) {
    if (view.getFloat64(at + Math.min(word * 8, length - 8)) !== words[word]) return false
  }
  return true
}

function numberAt(bytes: Uint8Array, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - zero
  return value
}

/** Gives a piece of a block as text. */
export type TextOf = (from: number, end: number) => string

/**
 * Texts of the lines of a block: called with where a line lies, it gives the pieces of that line. They share the text of
 * the line, not of the block: an entry that is kept keeps some hundred bytes.
 */
export function lineTexts(block: Uint8Array): (lineFrom: number, lineEnd: number) => TextOf {
  const buffer = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  if (!isAscii(block)) return () => (from, end) => buffer.toString('utf8', from, end)
  return (lineFrom, lineEnd) => {
    const line = buffer.toString('latin1', lineFrom, lineEnd)
    return (from, end) => line.slice(from - lineFrom, end - lineFrom)
  }
}

const chunkedType = 'sha2-256-chunked'

/** The entry of a line whose fields were found. */
export function ordinaryEntry(textOf: TextOf, fields: LineFields): Entry {
  const type = textOf(fields.hashTypeFrom, fields.hashTypeEnd)
  return {
    logicalKey: textOf(fields.keyFrom, fields.keyEnd),
    physicalKey: textOf(fields.physicalKeyFrom, fields.physicalKeyEnd),
    size: fields.size,
    hash: {
      // One text for all entries, not a piece of each block.
      type: type === chunkedType ? chunkedType : type,
      value: textOf(fields.hashValueFrom, fields.hashValueEnd),
    },
    meta: metaOf(textOf, fields),
  }
}

function metaOf(textOf: TextOf, { metaFrom, metaEnd }: LineFields): JsonObject {
  if (metaEnd - metaFrom === 2) return emptyJsonObject
  const meta = parseJson(textOf(metaFrom, metaEnd))
  return isJsonObject(meta) ? meta : emptyJsonObject
}
