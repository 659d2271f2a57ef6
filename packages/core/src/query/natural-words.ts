// Pieces of the patterns by which filters are found in plain words.

/** A pattern that begins and ends at the edges of words. Blanks in it are any blanks. */
export function saying(source: string): RegExp {
  return new RegExp(
    String.raw`(?<![^\s\ue001])(?:${source.replaceAll(' ', String.raw`\s{1,5}`)})(?![^\s\ue001,;.]|[,;.][^\s])`,
    'giu',
  )
}

/** Words before a condition that say nothing but what it is about. */
export const subject =
  '(?:(?:files?|objects?|packages?|entries|items|everything|anything) )?(?:(?:that|which) (?:is|are|was|were) )?'

/** An extension in one or more spellings as a filter. */
export function extensionFilter(extensions: readonly string[]): string {
  const [only, second] = extensions
  return only !== undefined && second === undefined ? `ext:${only}` : `ext:(${extensions.join(' OR ')})`
}
