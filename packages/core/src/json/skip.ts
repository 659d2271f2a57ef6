// Finds where a JSON value ends without reading it: one pass over its bytes, for lines of a manifest that are only passed by.

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const space = 0x20
const maxDepth = 64

/** What is not 0 ends a run of characters that a JSON string holds as they are: quote, backslash, control characters. */
const special = Uint8Array.from({ length: 256 }, (_, byte) => (byte < space || byte === quote || byte === 0x5c ? 1 : 0))
const words = ['true', 'false', 'null'].map((word) => new TextEncoder().encode(word))

/** Index of the quote that ends a string without escapes, from behind the first one; -1 when it has any. */
export function skipPlainText(bytes: Uint8Array, from: number): number {
  let at = from
  while (special[bytes[at] ?? 0] === 0) at++
  return bytes[at] === quote && at < bytes.length ? at : -1
}

/**
 * Index behind the JSON value that begins at `from`, in the spelling of Python's encoders and without escapes;
 * -1 when it is not JSON, or spelt so unusually that only the real reader can tell.
 * @param bytes UTF-8, with a control character (a line's end) somewhere behind the value
 */
export function skipPlainJson(bytes: Uint8Array, from: number, depth = 0): number {
  const first = bytes[from] ?? 0
  if (first === quote) {
    const end = skipPlainText(bytes, from + 1)
    return end < 0 ? -1 : end + 1
  }
  if (first === openBrace) return skipMembers(bytes, from + 1, depth + 1)
  if (first === openBracket) return skipItems(bytes, from + 1, depth + 1)
  return first === minus || (first >= zero && first <= nine) ? skipNumber(bytes, from) : skipWord(bytes, from)
}

function skipMembers(bytes: Uint8Array, from: number, depth: number): number {
  if (bytes[from] === closeBrace) return from + 1
  if (depth > maxDepth) return -1
  let at = from
  for (;;) {
    if (bytes[at] !== quote) return -1
    at = skipPlainText(bytes, at + 1) + 1
    if (at === 0 || bytes[at] !== colon) return -1
    at = skipPlainJson(bytes, bytes[at + 1] === space ? at + 2 : at + 1, depth)
    if (at < 0) return -1
    if (bytes[at] === closeBrace) return at + 1
    if (bytes[at] !== comma) return -1
    at += bytes[at + 1] === space ? 2 : 1
  }
}

function skipItems(bytes: Uint8Array, from: number, depth: number): number {
  if (bytes[from] === closeBracket) return from + 1
  if (depth > maxDepth) return -1
  let at = from
  for (;;) {
    at = skipPlainJson(bytes, at, depth)
    if (at < 0) return -1
    if (bytes[at] === closeBracket) return at + 1
    if (bytes[at] !== comma) return -1
    at += bytes[at + 1] === space ? 2 : 1
  }
}

/** Numbers with an exponent are left to the real reader. */
function skipNumber(bytes: Uint8Array, from: number): number {
  const digits = bytes[from] === minus ? from + 1 : from
  let at = skipDigits(bytes, digits)
  if (at === digits || (bytes[digits] === zero && at > digits + 1)) return -1
  if (bytes[at] !== dot) return at
  const fraction = at + 1
  at = skipDigits(bytes, fraction)
  return at === fraction ? -1 : at
}

/** Index of the first byte from `from` on that is no decimal digit. */
export function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from
  for (let byte = bytes[at] ?? 0; byte >= zero && byte <= nine; byte = bytes[at] ?? 0) at++
  return at
}

function skipWord(bytes: Uint8Array, from: number): number {
  for (const word of words) if (word.every((byte, index) => bytes[from + index] === byte)) return from + word.length
  return -1
}
