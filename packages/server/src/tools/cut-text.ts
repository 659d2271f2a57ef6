/** The start of a text: at most `maxUnits` UTF-16 units, and never half a character. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  const isInsidePair = /[\uD800-\uDBFF]/.test(text.charAt(maxUnits - 1))
  return text.slice(0, isInsidePair ? maxUnits - 1 : maxUnits)
}
