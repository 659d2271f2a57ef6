// Finds the fields of entry lines as quilt3 writes them (formats.md 2.3), 16 bytes a step. Every byte is looked at; the
// first line that is not in exactly this spelling ends the call, and the caller reads that one as JSON.
import {
  beforeHashTypeLength,
  beforeHashValueLength,
  beforeKeyLength,
  beforeMetaLength,
  beforePhysicalKeyLength,
  beforeSizeLength,
  isAtBeforeHashType,
  isAtBeforeHashValue,
  isAtBeforeKey,
  isAtBeforeMeta,
  isAtBeforePhysicalKey,
  isAtBeforeSize,
} from './frame'
import { digitsEnd, forgetPassed, jsonEnd, passedNonAscii, textEnd } from './json'
import { inputAt, lineBytes, linesAt, maxKeyBytes, maxLines } from './layout'
import {
  chunkedHash,
  flags,
  hashTypeEnd,
  hashTypeFrom,
  hashValueEnd,
  hashValueFrom,
  keyEnd,
  keyFrom,
  lineEnd,
  lineFrom,
  metaEnd,
  metaFrom,
  nextLine,
  notAscii,
  physicalKeyEnd,
  physicalKeyFrom,
  sizeAt,
} from './line'

const lineFeed: u32 = 0x0a
const carriageReturn: u32 = 0x0d
const zero: u32 = 0x30
const openBrace: u32 = 0x7b
const closeBrace: u32 = 0x7d
/** More digits may not be exact in a double. */
const maxSizeDigits: usize = 15

/**
 * How many ordinary lines follow each other from `from` on, at most as many as there is room for.
 * @param end where the block ends, with a line feed
 */
export function scan(from: i32, end: i32): i32 {
  let count = 0
  let at: usize = inputAt + from
  let record: usize = linesAt
  while (at < <usize>(inputAt + end) && count < maxLines) {
    at = scanLine(at, record)
    if (at == 0) break
    record += lineBytes
    count++
  }
  return count
}

/** Address behind the line that begins there; 0 when it is not ordinary. */
function scanLine(from: usize, record: usize): usize {
  forgetPassed()
  if (!isAtBeforeKey(from)) return 0
  const key = from + beforeKeyLength
  let at = textEnd(key)
  if (at == 0 || at - key > <usize>maxKeyBytes || !isAtBeforePhysicalKey(at)) return 0
  setField(record, lineFrom, from)
  setField(record, keyFrom, key)
  setField(record, keyEnd, at)
  at += beforePhysicalKeyLength
  setField(record, physicalKeyFrom, at)
  at = textEnd(at)
  if (at == 0 || !isAtBeforeSize(at)) return 0
  setField(record, physicalKeyEnd, at)
  const digits = at + beforeSizeLength
  at = digitsEnd(digits)
  if (at == digits || at > digits + maxSizeDigits || (load<u8>(digits) == zero && at > digits + 1)) return 0
  store<f64>(record + sizeAt, <f64>numberAt(digits, at))
  if (!isAtBeforeHashType(at)) return 0
  at += beforeHashTypeLength
  setField(record, hashTypeFrom, at)
  at = textEnd(at)
  if (at == 0 || !isAtBeforeHashValue(at)) return 0
  setField(record, hashTypeEnd, at)
  at += beforeHashValueLength
  setField(record, hashValueFrom, at)
  at = textEnd(at)
  if (at == 0 || !isAtBeforeMeta(at)) return 0
  setField(record, hashValueEnd, at)
  at += beforeMetaLength
  if (load<u8>(at) != openBrace) return 0
  setField(record, metaFrom, at)
  at = jsonEnd(at, 0)
  if (at == 0 || load<u8>(at) != closeBrace) return 0
  setField(record, metaEnd, at)
  setField(record, lineEnd, at + 1)
  const isChunked = isChunkedType(inputAt + load<i32>(record + hashTypeFrom), inputAt + load<i32>(record + hashTypeEnd))
  store<i32>(record + flags, (passedNonAscii() ? notAscii : 0) | (isChunked ? chunkedHash : 0))
  at += load<u8>(at, 1) == carriageReturn ? 2 : 1
  if (load<u8>(at) != lineFeed) return 0
  setField(record, nextLine, at + 1)
  return at + 1
}

/** Whether the text is `sha2-256-chunked`. */
function isChunkedType(from: usize, end: usize): bool {
  return end - from == 16 && load<u64>(from) == 0x3635322d32616873 && load<u64>(from, 8) == 0x64656b6e7568632d
}

function setField(record: usize, field: usize, address: usize): void {
  store<i32>(record + field, <i32>(address - inputAt))
}

function numberAt(from: usize, end: usize): i64 {
  let value: i64 = 0
  for (let at = from; at < end; at++) value = value * 10 + (load<u8>(at) - zero)
  return value
}
