// The records of a manifest's index: what each key adds to the one before, and where its line lies. The bytes are those of
// `manifest-index/key-blocks.ts`.
import { comesBefore, sharedBytes } from './keys'
import {
  blockStartsAt,
  directoryRunsAt,
  extensionRunsAt,
  inputAt,
  lineBytes,
  linesAt,
  outAt,
  previousAt,
  runBytes,
} from './layout'
import { keyEnd, keyFrom, lineEnd, lineFrom, sizeAt } from './line'
import { addToRun, beginRun } from './runs'

const slash: u32 = 0x2f
const dot: u32 = 0x2e
const recordsInBlock: i32 = 64
/** What is longer is part of a name. */
const maxExtensionBytes: i32 = 16

/** How many bytes the last call wrote. */
export let writtenBytes: i32 = 0
/** How many runs the last call found. */
export let directoryRuns: i32 = 0
export let extensionRuns: i32 = 0

/**
 * Writes the records of lines to the output, the places at which blocks of 64 begin to their list, and the runs of entries
 * in one directory and with one extension. A run begins with the first line. Stops at a line that is not in tree order.
 * @param from the first line @param end the line behind the last one
 * @param previousLength of the key before; -1: there is none
 * @param isSorted whether the lines must be in tree order, each behind the one before; else there are no directories
 * @param ordinal how many records there are before
 * @param fileOffset where the block begins in the manifest
 * @param expectedOffset where the next line begins if it follows the last record's
 * @returns the line at which it stopped
 */
export function writeRecords(
  from: i32,
  end: i32,
  previousLength: i32,
  isSorted: i32,
  ordinal: i32,
  fileOffset: f64,
  expectedOffset: f64,
): i32 {
  let out: usize = outAt
  let blockStart: usize = blockStartsAt
  let directoryRun: usize = directoryRunsAt - runBytes
  let extensionRun: usize = extensionRunsAt - runBytes
  let expected = <i64>expectedOffset
  const blockOffset = <i64>fileOffset
  let previous: usize = previousAt
  let length = max(previousLength, 0)
  // Behind the last slash of the key before; it is not asked for in the first line.
  let directoryEnd = 0
  let extension: usize = 0
  let extensionLength = 0
  let line = from
  for (; line < end; line++) {
    const record: usize = linesAt + line * lineBytes
    const key: usize = inputAt + load<i32>(record + keyFrom)
    const keyLength = load<i32>(record + keyEnd) - load<i32>(record + keyFrom)
    const size = load<f64>(record + sizeAt)
    const shared = sharedBytes(previous, length, key, keyLength)
    if (isSorted && (line > from || previousLength >= 0) && !comesBefore(previous, length, key, keyLength, shared))
      break

    const newEnd = lastSlashEnd(key, keyLength, shared, line > from ? directoryEnd : i32.MAX_VALUE)
    if (line > from && shared >= directoryEnd && newEnd == directoryEnd) addToRun(directoryRun, size)
    else beginRun((directoryRun += runBytes), line, shared, size)
    directoryEnd = newEnd

    const itsExtension = extensionOf(key, keyLength)
    const itsLength = <i32>(key + keyLength - itsExtension)
    if (
      line > from &&
      itsLength == extensionLength &&
      sharedBytes(extension, extensionLength, itsExtension, itsLength) == itsLength
    ) {
      addToRun(extensionRun, size)
    } else {
      beginRun((extensionRun += runBytes), line, <i32>(itsExtension - inputAt), size)
      extension = itsExtension
      extensionLength = itsLength
    }

    let same = shared
    if ((ordinal & (recordsInBlock - 1)) == 0) {
      same = 0
      expected = 0
      store<i32>(blockStart, <i32>(out - outAt))
      blockStart += 4
    }
    ordinal++
    out = varint(out, same)
    out = varint(out, keyLength - same)
    // Copies up to 15 bytes too many; what comes next is written over them.
    for (let at = same; at < keyLength; at += 16) v128.store(out + at - same, v128.load(key + at))
    out += keyLength - same
    out = varint(out, <i64>size)
    const lineLength: i64 = load<i32>(record + lineEnd) - load<i32>(record + lineFrom)
    out = varint(out, lineLength)
    const offset = blockOffset + load<i32>(record + lineFrom)
    const ahead = offset - expected
    out = varint(out, ahead < 0 ? -ahead * 2 - 1 : ahead * 2)
    expected = offset + lineLength + 1
    previous = key
    length = keyLength
  }
  writtenBytes = <i32>(out - outAt)
  directoryRuns = <i32>(directoryRun + runBytes - directoryRunsAt) / runBytes
  extensionRuns = <i32>(extensionRun + runBytes - extensionRunsAt) / runBytes
  return line
}

/** Index behind the last slash of a key, 0 when it has none. @param previousEnd the same of the key before, which shares `shared` bytes */
function lastSlashEnd(key: usize, length: i32, shared: i32, previousEnd: i32): i32 {
  for (let at = length; at > shared; at--) if (load<u8>(key + at - 1) == slash) return at
  if (previousEnd <= shared) return previousEnd
  for (let at = shared; at > 0; at--) if (load<u8>(key + at - 1) == slash) return at
  return 0
}

/** Where the extension of a key begins; its end when it has none. A name that begins with its only dot has none. */
function extensionOf(key: usize, length: i32): usize {
  const end = key + length
  for (let at = end - 1; at >= key && at >= end - maxExtensionBytes - 1; at--) {
    const byte: u32 = load<u8>(at)
    if (byte == slash) return end
    if (byte == dot) return at == key || load<u8>(at - 1) == slash ? end : at + 1
  }
  return end
}

/** Seven bits a byte, the lowest first. */
function varint(at: usize, value: i64): usize {
  let rest = <u64>value
  while (rest > 0x7f) {
    store<u8>(at++, <u8>(rest | 0x80))
    rest >>= 7
  }
  store<u8>(at, <u8>rest)
  return at + 1
}
