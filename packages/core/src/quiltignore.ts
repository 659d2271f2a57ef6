// What a `.quiltignore` keeps out of a package, as quilt3 reads it (formats.md 13.5): each line is a shell pattern, nothing else. There
// are no comments, no `!`, and `*` crosses slashes.
import { type anyNumber, fitsWildcards, type Wildcard, wildcardsOf } from './wildcards.js'

/**
 * Tells what a `.quiltignore` names.
 * @param text of the file
 * @returns whether a file or folder is left out, with all that is below it; asked with its whole path, parts joined by `/`
 */
export function quiltIgnore(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '')
    .map((line) => patternOf(`*/${line}`))
  return (path) => {
    if (patterns.length === 0) return false
    const characters = Array.from(path)
    return patterns.some((pattern) => fitsWildcards(pattern, characters))
  }
}

/** `*`, `?`, `[abc]`, `[a-z]`, `[!a]`; a bracket that is not closed is a character. */
function patternOf(line: string): readonly Wildcard<string>[] {
  const pattern: Wildcard<string>[] = []
  const set = /\[(!?)(\]?[^\]]*)\]/gu
  let end = 0
  for (const found of line.matchAll(set)) {
    const [whole, not = '', members = ''] = found
    pattern.push(...wildcardsOf(line.slice(end, found.index)), oneOf(members, not === ''))
    end = found.index + whole.length
  }
  return [...pattern, ...wildcardsOf(line.slice(end))]
}

function oneOf(members: string, wanted: boolean): Exclude<Wildcard<string>, typeof anyNumber> {
  const singles = new Set<string>()
  const ranges: (readonly [first: number, last: number])[] = []
  const characters = Array.from(members)
  for (let at = 0; at < characters.length; at += 1) {
    const [first = '', dash, last] = characters.slice(at, at + 3)
    if (dash === '-' && last !== undefined) {
      ranges.push([pointOf(first), pointOf(last)])
      at += 2
    } else singles.add(first)
  }
  return (one) => {
    const point = pointOf(one)
    return (singles.has(one) || ranges.some(([from, to]) => from <= point && point <= to)) === wanted
  }
}

const pointOf = (character: string): number => character.codePointAt(0) ?? 0
