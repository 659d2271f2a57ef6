// Python compares text by code point, JavaScript by UTF-16 unit; they differ above U+FFFF (formats.md 3.2).

/** Orders two texts by Unicode code point, as Python's `str` does: negative, zero or positive. Never throws. */
export function compareCodePoints(a: string, b: string): number {
  const at = firstDifference(a, b)
  if (at === Math.min(a.length, b.length)) return a.length - b.length
  return compareCodePointsAt(a, b, at)
}

/** Index of the first UTF-16 unit in which two texts differ; the shorter length when one starts the other. */
export function firstDifference(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return at
}

/** Compares the code points that hold unit `at`, the first one in which both texts differ. */
export function compareCodePointsAt(a: string, b: string, at: number): number {
  // After a shared high surrogate one text may hold a pair and the other a lone half: compare from the half on.
  const from = at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800 ? at - 1 : at
  const difference = (a.codePointAt(from) ?? -1) - (b.codePointAt(from) ?? -1)
  return difference === 0 ? (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1) : difference
}
