// JSON as it is hashed: no spaces, keys in order, ASCII (formats.md 3.2, 3.3). Only for values that `json.ts` has passed,
// whose texts hold no escapes and whose numbers read the same: everything else is left to the caller.
import { digitsEnd } from './json'
import { memberStartsAt, memberTextAt } from './layout'

const quote: u32 = 0x22
const comma: u32 = 0x2c
const minus: u32 = 0x2d
const dot: u32 = 0x2e
const zero: u32 = 0x30
const colon: u32 = 0x3a
const openBracket: u32 = 0x5b
const closeBracket: u32 = 0x5d
const openBrace: u32 = 0x7b
const closeBrace: u32 = 0x7d
const space: u32 = 0x20
const tilde: u32 = 0x7e
/** Members are moved into order one by one: more of them are left to a real sort. */
const maxMembers: i32 = 64
/** A double holds each decimal number of so many digits, and Python prints it with these digits. */
const maxDigits: usize = 15

/** Where the next byte is written. */
export let out: usize = 0
let freeMember: usize = 0

/** Begins to write there. */
export function writeTo(address: usize): void {
  out = address
  freeMember = memberStartsAt
}

/** Writes the value at `from`. @returns the address behind it; 0 when it is left to the caller */
export function writeValue(from: usize): usize {
  const first: u32 = load<u8>(from)
  if (first == quote) return writeText(from)
  if (first == openBrace) return writeMembers(from)
  if (first == openBracket) return writeItems(from)
  return first == minus || first - zero < 10 ? writeNumber(from) : writeWord(from)
}

/** Writes a text with its quotes. */
function writeText(from: usize): usize {
  put(quote)
  const end = writeAscii(from + 1)
  put(quote)
  return end == 0 ? 0 : end + 1
}

/** Writes a text up to its closing quote. @returns the address of the quote; 0 when a character must be escaped */
export function writeAscii(from: usize): usize {
  let at = from
  while (true) {
    const bytes = v128.load(at)
    v128.store(out, bytes)
    const quotes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>quote)))
    const escaped = i8x16.bitmask(i8x16.gt_u(bytes, i8x16.splat(<i8>tilde)))
    if (quotes != 0) {
      const length = ctz(quotes)
      out += length
      return (escaped & ((1 << length) - 1)) == 0 ? at + length : 0
    }
    if (escaped != 0) return 0
    at += 16
    out += 16
  }
}

function put(byte: u32): void {
  store<u8>(out++, byte)
}

function writeItems(from: usize): usize {
  put(openBracket)
  let at = from + 1
  if (load<u8>(at) == closeBracket) {
    put(closeBracket)
    return at + 1
  }
  while (true) {
    at = writeValue(at)
    if (at == 0) return 0
    const behind: u32 = load<u8>(at)
    put(behind)
    if (behind == closeBracket) return at + 1
    at += load<u8>(at, 1) == space ? 2 : 1
  }
}

/** Writes each member with a comma behind it, and moves it to its place among those before it. */
function writeMembers(from: usize): usize {
  put(openBrace)
  let at = from + 1
  if (load<u8>(at) == closeBrace) {
    put(closeBrace)
    return at + 1
  }
  const members = freeMember
  let count = 0
  while (count < maxMembers) {
    const start = out
    store<u32>(members + count * 4, <u32>start)
    freeMember = members + (count + 1) * 4
    at = writeText(at)
    if (at == 0) return 0
    put(colon)
    at = writeValue(load<u8>(at, 1) == space ? at + 2 : at + 1)
    if (at == 0) return 0
    put(comma)
    if (!moveIntoOrder(members, count)) return 0
    count++
    if (load<u8>(at) == closeBrace) {
      store<u8>(out - 1, closeBrace)
      freeMember = members
      return at + 1
    }
    at += load<u8>(at, 1) == space ? 2 : 1
  }
  return 0
}

/** Moves the last member before those whose keys come behind its own. False when its key is there already. */
function moveIntoOrder(members: usize, last: i32): bool {
  const start: usize = load<u32>(members + last * 4)
  let place = last
  while (place > 0) {
    const order = compareTexts(load<u32>(members + (place - 1) * 4), start)
    if (order == 0) return false
    if (order < 0) break
    place--
  }
  if (place == last) return true
  const target: usize = load<u32>(members + place * 4)
  const length = out - start
  memory.copy(memberTextAt, start, length)
  memory.copy(target + length, target, start - target)
  memory.copy(target, memberTextAt, length)
  for (let member = last; member > place; member--) {
    store<u32>(members + member * 4, load<u32>(members + (member - 1) * 4) + <u32>length)
  }
  store<u32>(members + place * 4, <u32>target)
  return true
}

/** Orders two texts, each from its opening quote to its closing one. */
function compareTexts(a: usize, b: usize): i32 {
  let at: usize = 1
  while (true) {
    const byteA: i32 = load<u8>(a + at)
    const byteB: i32 = load<u8>(b + at)
    if (byteA != byteB) {
      if (byteA == quote) return -1
      return byteB == quote ? 1 : byteA - byteB
    }
    if (byteA == quote) return 0
    at++
  }
}

/** Integers, and decimal numbers that Python prints as they are: of few digits, not tiny, without zeros at their end. */
function writeNumber(from: usize): usize {
  const digits = load<u8>(from) == minus ? from + 1 : from
  let end = digitsEnd(digits)
  const isZero = load<u8>(digits) == zero
  if (load<u8>(end) == dot) {
    const fraction = end + 1
    end = digitsEnd(fraction)
    if (end - digits > maxDigits + 1) return 0
    const isTiny = isZero && load<u8>(fraction) == zero
    if (isTiny || (load<u8>(end - 1) == zero && end > fraction + 1)) return 0
  } else if (isZero && digits > from) return 0
  return copyUpTo(from, end)
}

function writeWord(from: usize): usize {
  return copyUpTo(from, load<u8>(from) == 0x66 ? from + 5 : from + 4)
}

/** Copies up to 15 bytes too many; what comes next is written over them. */
export function copyUpTo(from: usize, end: usize): usize {
  for (let at = from; at < end; at += 16) v128.store(out + (at - from), v128.load(at))
  out += end - from
  return end
}
