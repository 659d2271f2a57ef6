// Names a user may have meant.

/** Up to `most` candidates close to a misspelt name, nearest first: same but for case, containing it, or few edits away. */
export function nearNames(wanted: string, candidates: readonly string[], most = 5): readonly string[] {
  const text = wanted.toLowerCase()
  return candidates
    .map((name) => ({ name, distance: distanceOf(text, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(text.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name)
}

function distanceOf(a: string, b: string): number {
  if (a === b) return 0
  if (a.length > 2 && (b.includes(a) || a.includes(b))) return 1
  if (a.length > 100 || b.length > 100) return Number.POSITIVE_INFINITY
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
