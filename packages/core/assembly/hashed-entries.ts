// Entries as the top hash takes them (formats.md 3.2), from their lines.
import { beforeHashTypeLength, beforeSizeLength } from './frame'
import { putBeforeHashType, putBeforeHashValue, putBeforeKey, putBeforeMeta, putBeforeSize } from './hashed-frame'
import { copyUpTo, out, writeAscii, writeTo, writeValue } from './hashed-json'
import { comesBefore, sharedBytes } from './keys'
import { inputAt, lineBytes, linesAt, outAt, previousAt } from './layout'
import {
  flags,
  hashTypeFrom,
  hashValueFrom,
  keyEnd,
  keyFrom,
  metaEnd,
  metaFrom,
  notAscii,
  physicalKeyEnd,
  sizeAt,
} from './line'

const closeBrace: u32 = 0x7d
/** Larger metadata is left to the caller, whose sort is better. */
const maxMetaBytes: i32 = 4_096

/** How many bytes the last call wrote. */
export let hashedBytes: i32 = 0
/** Sum of the sizes of the entries that the last call wrote. */
export let hashedSizes: f64 = 0

/**
 * Writes what is hashed of lines to the output. Stops at a line that is not in tree order, or that holds what is not
 * hashed as it stands: the caller looks at that one.
 * @param from the first line @param end the line behind the last one
 * @param previousLength of the key before; -1: there is none
 * @returns the line at which it stopped
 */
export function writeHashed(from: i32, end: i32, previousLength: i32): i32 {
  let previous: usize = previousAt
  let length = previousLength
  let line = from
  let written: usize = outAt
  hashedSizes = 0
  for (; line < end; line++) {
    const record: usize = linesAt + line * lineBytes
    if ((load<i32>(record + flags) & notAscii) != 0) break
    const key = addressOf(record, keyFrom)
    const keyLength = load<i32>(record + keyEnd) - load<i32>(record + keyFrom)
    if (length >= 0) {
      const shared = sharedBytes(previous, length, key, keyLength)
      if (!comesBefore(previous, length, key, keyLength, shared)) break
    }
    if (!writeEntry(record, written)) break
    written = out
    previous = key
    length = keyLength
    hashedSizes += load<f64>(record + sizeAt)
  }
  hashedBytes = <i32>(written - outAt)
  return line
}

function writeEntry(record: usize, at: usize): bool {
  writeTo(putBeforeHashType(at))
  if (writeAscii(addressOf(record, hashTypeFrom)) == 0) return false
  writeTo(putBeforeHashValue(out))
  if (writeAscii(addressOf(record, hashValueFrom)) == 0) return false
  writeTo(putBeforeKey(out))
  if (writeAscii(addressOf(record, keyFrom)) == 0) return false
  writeTo(putBeforeMeta(out))
  if (load<i32>(record + metaEnd) - load<i32>(record + metaFrom) > maxMetaBytes) return false
  if (writeValue(addressOf(record, metaFrom)) == 0) return false
  writeTo(putBeforeSize(out))
  copyUpTo(addressOf(record, physicalKeyEnd) + beforeSizeLength, addressOf(record, hashTypeFrom) - beforeHashTypeLength)
  store<u8>(out, closeBrace)
  writeTo(out + 1)
  return true
}

function addressOf(record: usize, field: usize): usize {
  return inputAt + load<i32>(record + field)
}
