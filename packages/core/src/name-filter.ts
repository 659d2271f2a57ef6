// Finds packages by a piece of their name, or by shell wildcards (formats.md 7.2).
import { fitsWildcards, wildcardsOf } from './wildcards.js'

/** Whether a name is one that a filter means, in any case: it holds the text, or fits the pattern of `*` and `?` as a whole. */
export function nameFilter(filter: string): (name: string) => boolean {
  const wanted = filter.toLowerCase()
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted)
  const pattern = wildcardsOf(wanted)
  return (name) => fitsWildcards(pattern, Array.from(name.toLowerCase()))
}
