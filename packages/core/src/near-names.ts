// Finds what somebody probably meant: names of packages, files, profiles, tools, arguments, flags.

/** The candidates most like a misspelt name, nearest first: same but for case and punctuation, containing it, or few edits away; only those
 * that are about as near as the nearest. @param most names to return, default 5 */
export function nearNames(wanted: string, candidates: readonly string[], most = 5): readonly string[] {
  const text = lettersOf(wanted)
  if (text === '') return []
  return candidates
    .map((name) => ({ name, distance: distanceOf(text, lettersOf(name)) }))
    .filter(({ name, distance }) => distance <= farthest(text, lettersOf(name)))
    .sort((a, b) => a.distance - b.distance)
    .filter(({ distance }, _index, [best]) => distance <= (best?.distance ?? 0) + 1)
    .slice(0, most)
    .map(({ name }) => name)
}

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '')

/** Long names may differ in more letters. */
const farthest = (a: string, b: string): number => Math.max(2, Math.floor(Math.max(a.length, b.length) / 3))

function distanceOf(a: string, b: string): number {
  if (a === b) return 0
  if (Math.min(a.length, b.length) > 2 && (b.includes(a) || a.includes(b))) return 1
  if (a.length > 100 || b.length > 100 || Math.abs(a.length - b.length) > farthest(a, b))
    return Number.POSITIVE_INFINITY
  return editDistance(a, b)
}

/** Levenshtein: insertions, removals and replacements that lead from one text to the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
