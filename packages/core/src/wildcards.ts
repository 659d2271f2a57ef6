// Fits a row of things to a pattern with stars: characters of a name, or parts of a path. No regular expression: many stars would
// make it slow.

/** One place of a pattern: any number of things, or one thing that passes. */
export type Wildcard<Thing> = typeof anyNumber | ((thing: Thing) => boolean)

/** Stands for any number of things, none included. */
export const anyNumber = 'any number'

/** Whether all the things, in their order, are what the pattern says. Takes at most pattern times things steps. */
export function fitsWildcards<Thing>(pattern: readonly Wildcard<Thing>[], things: readonly Thing[]): boolean {
  let at = 0
  let star = -1
  let starThing = 0
  let from = 0
  for (let thing = things[from]; thing !== undefined; thing = things[from]) {
    const place = pattern[at]
    if (place === anyNumber) {
      star = at
      starThing = from
      at += 1
    } else if (place?.(thing)) {
      at += 1
      from += 1
    } else if (star !== -1) {
      at = star + 1
      starThing += 1
      from = starThing
    } else return false
  }
  return pattern.slice(at).every((place) => place === anyNumber)
}

/** One character as it stands there, any one character for `?`, any number for `*`. */
export const wildcardsOf = (pattern: string): readonly Wildcard<string>[] =>
  Array.from(pattern, (character) => {
    if (character === '*') return anyNumber
    return character === '?' ? () => true : (one: string) => one === character
  })
