// The order of a manifest is a tree walk, not a flat sort (formats.md 2.5).
import { compareCodePointsAt, firstDifference } from '../code-points.js'
import { QuiltError } from '../errors.js'

const slash = 0x2f

/**
 * Orders logical keys as a tree walk does: part by part, by code point, a parent before what is in it.
 * Directory keys may keep their trailing slash.
 */
export function compareLogicalKeys(a: string, b: string): number {
  const at = firstDifference(a, b)
  if (at === Math.min(a.length, b.length)) return a.length - b.length
  // A part that ends here comes before every longer one: the slash is below all characters.
  if (a.charCodeAt(at) === slash) return -1
  if (b.charCodeAt(at) === slash) return 1
  return compareCodePointsAt(a, b, at)
}

/** Watches over keys that must come in tree order, each once. @param after the key behind which they shall come */
export function createOrderCheck(after?: string): (logicalKey: string) => void {
  let last = after
  return (logicalKey) => {
    if (last !== undefined && compareLogicalKeys(last, logicalKey) >= 0) throw outOfOrder(last, logicalKey)
    last = logicalKey
  }
}

function outOfOrder(last: string, logicalKey: string): QuiltError {
  if (last === logicalKey) return duplicate('invalid_input', logicalKey)
  return new QuiltError(
    'invalid_input',
    `${JSON.stringify(logicalKey)} comes after ${JSON.stringify(last)}, which is not tree order`,
    { hint: 'Sort the entries with compareLogicalKeys.' },
  )
}

/** The error for a key that two lines claim. */
export function duplicate(code: 'invalid_input' | 'upstream', logicalKey: string): QuiltError {
  return new QuiltError(code, `two entries have the logical key ${JSON.stringify(logicalKey)}`, {
    hint:
      code === 'upstream'
        ? 'The stored manifest is damaged; read an older revision of the package.'
        : 'Give each file of a package its own path.',
    details: { logicalKey },
    retryable: false,
  })
}
