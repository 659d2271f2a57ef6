// Finds what somebody probably meant: tool, argument, command and flag names.

/** The candidates most like a word, best first: those that contain it or differ in a few letters.
 * @param word what was given @param limit most names to return, default 3 */
export function nearMatches(word: string, candidates: readonly string[], limit = 3): string[] {
  const wanted = plain(word)
  if (wanted === '') return []
  return candidates
    .map((name) => ({ name, distance: distanceOf(wanted, plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(plain(name).length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .filter(({ distance }, _index, [best]) => distance <= (best?.distance ?? 0) + 1)
    .slice(0, limit)
    .map(({ name }) => name)
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** 1 when one contains the other, else the number of letters to insert, remove or replace. */
function distanceOf(a: string, b: string): number {
  if (a === b) return 0
  if (a.length >= 3 && b.length >= 3 && (b.includes(a) || a.includes(b))) return 1
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
