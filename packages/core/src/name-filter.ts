// Finds packages by a piece of their name, or by shell wildcards (formats.md 7.2).

/** Whether a name is one that a filter means, in any case: it holds the text, or fits the pattern of `*` and `?` as a whole. */
export function nameFilter(filter: string): (name: string) => boolean {
  const wanted = filter.toLowerCase()
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted)
  const pattern = Array.from(wanted)
  return (name) => fits(pattern, Array.from(name.toLowerCase()))
}

/** No regular expression: many stars would make it slow. */
function fits(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0
  let star = -1
  let starText = 0
  let from = 0
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at
      starText = from
      at += 1
    } else if (pattern[at] === '?' || pattern[at] === text[from]) {
      at += 1
      from += 1
    } else if (star !== -1) {
      at = star + 1
      starText += 1
      from = starText
    } else return false
  }
  return pattern.slice(at).every((character) => character === '*')
}
