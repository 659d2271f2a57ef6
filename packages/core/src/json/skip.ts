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

/** Bytes, and a view of the same bytes by which four of them are looked at in one step. */
export interface WordBytes {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** Bytes with a view of them. */
export function wordBytes(bytes: Uint8Array): WordBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

/** Index of the quote that ends a string without escapes, from behind the first one; -1 when it has any. */
export function skipPlainText({ bytes, view }: WordBytes, from: number): number {
  let at = from
  const lastWord = bytes.length - 4
  while (at <= lastWord && !holdsSpecial(view.getInt32(at))) at += 4
  while (special[bytes[at] ?? 0] === 0) at++
  return at < bytes.length && bytes[at] === quote ? at : -1
}

/** Whether one of four bytes is a quote, a backslash or a control character: each is made 0, and a 0 is found by its borrow. */
function holdsSpecial(word: number): boolean {
  const control = word & 0xe0e0e0e0
  const quoted = word ^ 0x22222222
  const escaped = word ^ 0x5c5c5c5c
  const zeros =
    ((control - 0x01010101) & ~control) | ((quoted - 0x01010101) & ~quoted) | ((escaped - 0x01010101) & ~escaped)
  return (zeros & 0x80808080) !== 0
}

/**
 * Index behind the JSON value that begins at `from`, in the spelling of Python's encoders and without escapes;
 * -1 when it is not JSON, or spelt so unusually that only the real reader can tell.
 * @param source UTF-8, with a control character (a line's end) somewhere behind the value
 */
export function skipPlainJson(source: WordBytes, from: number, depth = 0): number {
  const { bytes } = source
  const first = bytes[from] ?? 0
  if (first === quote) {
    const end = skipPlainText(source, from + 1)
    return end < 0 ? -1 : end + 1
  }
  if (first === openBrace) return skipMembers(source, from + 1, depth + 1)
  if (first === openBracket) return skipItems(source, from + 1, depth + 1)
  return first === minus || (first >= zero && first <= nine) ? skipNumber(bytes, from) : skipWord(bytes, from)
}

function skipMembers(source: WordBytes, from: number, depth: number): number {
  const { bytes } = source
  if (bytes[from] === closeBrace) return from + 1
  if (depth > maxDepth) return -1
  let at = from
  for (;;) {
    if (bytes[at] !== quote) return -1
    at = skipPlainText(source, at + 1) + 1
    if (at === 0 || bytes[at] !== colon) return -1
    at = skipPlainJson(source, bytes[at + 1] === space ? at + 2 : at + 1, depth)
    if (at < 0) return -1
    if (bytes[at] === closeBrace) return at + 1
    if (bytes[at] !== comma) return -1
    at += bytes[at + 1] === space ? 2 : 1
  }
}

function skipItems(source: WordBytes, from: number, depth: number): number {
  const { bytes } = source
  if (bytes[from] === closeBracket) return from + 1
  if (depth > maxDepth) return -1
  let at = from
  for (;;) {
    at = skipPlainJson(source, at, depth)
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
