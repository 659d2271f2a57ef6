// Where a range of keys is best cut in two: guessed from the characters that keys have had at each place.
import { compareCodePoints } from '@quilt-mcp/core'

/** Keys that were seen, and what is likely of others. */
export interface CutPlaces {
  learn(items: readonly { readonly key: string }[]): void
  /** A text that lies behind `after` and before `until`, with keys on both sides if all goes well. Undefined: none is likely.
   * @param until absent: to the end of the prefix */
  between(after: string, until: string | undefined): string | undefined
}

/** Characters at the beginning of a name that are looked at. */
const placesSeen = 200
const hexDigits = Array.from('0123456789abcdef')
const isPlain = (character: string): boolean => character > ' ' && (character < '\ud800' || character > '\udfff')

/** Makes a guess that gets better. @param prefix what all keys begin with */
export function createCutPlaces(prefix: string): CutPlaces {
  const seen: Set<string>[] = []
  const start = prefix.length
  /** Where one digit is, all others will be. */
  const likelyAt = (place: number): readonly string[] => {
    const known = seen[place] ?? new Set<string>()
    const isNumber = hexDigits.slice(0, 10).some((digit) => known.has(digit))
    return [...new Set([...known, ...(isNumber ? hexDigits : [])])].filter(isPlain).sort()
  }
  return {
    learn(items) {
      // Neighbours differ in their ends, pages in their beginnings: some of a page tell enough.
      const step = Math.max(1, Math.floor(items.length / 50))
      for (let at = 0; at < items.length; at += step) {
        const key = items[at]?.key ?? ''
        const end = Math.min(key.length - start, placesSeen)
        for (let place = 0; place < end; place++) {
          const known = seen[place] ?? new Set()
          seen[place] = known.add(key.charAt(start + place))
        }
      }
    },
    between(after, until) {
      const end = Math.min(after.length, start + placesSeen)
      for (let at = start; at < end; at++) {
        const character = after.charAt(at)
        if (!isPlain(character)) continue
        const places = likelyAt(at - start)
          .filter((next) => next > character)
          .map((next) => after.slice(0, at) + next)
          .filter((place) => until === undefined || compareCodePoints(place, until) < 0)
        const middle = places[Math.floor(places.length / 2)]
        if (middle !== undefined) return middle
      }
      return undefined
    },
  }
}
