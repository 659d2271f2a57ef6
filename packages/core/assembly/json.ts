// Finds where JSON ends without reading it, in the spelling of Python's encoders and without escapes. What is spelt
// otherwise is not found here, though it may be JSON: the caller asks its reader then.

const quote: u32 = 0x22
const backslash: u32 = 0x5c
const space: u32 = 0x20
const comma: u32 = 0x2c
const colon: u32 = 0x3a
const minus: u32 = 0x2d
const dot: u32 = 0x2e
const zero: u32 = 0x30
const openBracket: u32 = 0x5b
const closeBracket: u32 = 0x5d
const openBrace: u32 = 0x7b
const closeBrace: u32 = 0x7d
const maxDepth: i32 = 64

/** All bytes of the texts passed since it was emptied, combined: its high bits tell of characters outside ASCII. */
export let passed: v128 = i8x16.splat(0)

/** Begins to gather what {@link passedNonAscii} tells. */
export function forgetPassed(): void {
  passed = i8x16.splat(0)
}

/** Whether a text was passed that holds characters outside ASCII, or has some close behind it. */
export function passedNonAscii(): bool {
  return i8x16.bitmask(passed) != 0
}

/** Address of the quote that ends the text at `from`; 0 when an escape or a control character comes first. */
export function textEnd(from: usize): usize {
  let at = from
  let all = passed
  let mask: i32
  while (true) {
    const bytes = v128.load(at)
    all = v128.or(all, bytes)
    mask = i8x16.bitmask(
      v128.or(
        i8x16.lt_u(bytes, i8x16.splat(<i8>space)),
        v128.or(i8x16.eq(bytes, i8x16.splat(<i8>quote)), i8x16.eq(bytes, i8x16.splat(<i8>backslash))),
      ),
    )
    if (mask != 0) break
    at += 16
  }
  passed = all
  at += ctz(mask)
  return load<u8>(at) == quote ? at : 0
}

/** Address behind the value at `from`; 0 when it is unusual, or no JSON. @param depth how many values it lies in */
export function jsonEnd(from: usize, depth: i32): usize {
  const first: u32 = load<u8>(from)
  if (first == quote) {
    const end = textEnd(from + 1)
    return end == 0 ? 0 : end + 1
  }
  if (first == openBrace) return membersEnd(from + 1, depth + 1)
  if (first == openBracket) return itemsEnd(from + 1, depth + 1)
  return first == minus || isDigit(first) ? numberEnd(from) : wordEnd(from)
}

function membersEnd(from: usize, depth: i32): usize {
  if (load<u8>(from) == closeBrace) return from + 1
  if (depth > maxDepth) return 0
  let at = from
  while (true) {
    if (load<u8>(at) != quote) return 0
    at = textEnd(at + 1)
    if (at == 0 || load<u8>(at, 1) != colon) return 0
    at = jsonEnd(load<u8>(at, 2) == space ? at + 3 : at + 2, depth)
    if (at == 0) return 0
    const behind: u32 = load<u8>(at)
    if (behind == closeBrace) return at + 1
    if (behind != comma) return 0
    at += load<u8>(at, 1) == space ? 2 : 1
  }
}

function itemsEnd(from: usize, depth: i32): usize {
  if (load<u8>(from) == closeBracket) return from + 1
  if (depth > maxDepth) return 0
  let at = from
  while (true) {
    at = jsonEnd(at, depth)
    if (at == 0) return 0
    const behind: u32 = load<u8>(at)
    if (behind == closeBracket) return at + 1
    if (behind != comma) return 0
    at += load<u8>(at, 1) == space ? 2 : 1
  }
}

/** Numbers with an exponent are left to the reader: what follows the digits is then no comma and no end. */
function numberEnd(from: usize): usize {
  const digits = load<u8>(from) == minus ? from + 1 : from
  const at = digitsEnd(digits)
  if (at == digits || (load<u8>(digits) == zero && at > digits + 1)) return 0
  if (load<u8>(at) != dot) return at
  const end = digitsEnd(at + 1)
  return end == at + 1 ? 0 : end
}

/** Address of the first byte from `from` on that is no decimal digit. */
export function digitsEnd(from: usize): usize {
  let at = from
  while (isDigit(load<u8>(at))) at++
  return at
}

function isDigit(byte: u32): bool {
  return byte - zero < 10
}

function wordEnd(from: usize): usize {
  const word = load<u32>(from)
  // true, null, fals and e
  if (word == 0x65757274 || word == 0x6c6c756e) return from + 4
  return word == 0x736c6166 && load<u8>(from, 4) == 0x65 ? from + 5 : 0
}
