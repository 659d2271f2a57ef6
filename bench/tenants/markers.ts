// Texts that say whose they are. Every tenant has two, planted in all that is its own: wherever one turns up, as it is, in base64
// or in hex, it names its tenant. So bytes can be searched for everybody's data in one pass.

const stem = 'quiltmark'
const shape = /quiltmark[ns](\d{4})[0-9a-f]{0,12}/gi

/** `n`: part of a name, which others may ask for; `s`: part of content, which nobody but its tenant ever sends or sees. */
export type MarkerKind = 'n' | 's'

export interface Found {
  readonly tenant: number
  /** The marker as it was found; cut when the answer was. */
  readonly text: string
}

/** Lower-case letters and digits: a marker is itself in JSON, in a URL, in a bucket's name.
 * @param tenant 0 to 9999 @param random 12 hex digits */
export function markerOf(kind: MarkerKind, tenant: number, random: string): string {
  const marker = `${stem}${kind}${String(tenant).padStart(4, '0')}${random}`
  if (marker.replace(shape, '') !== '') throw new RangeError(`this is no marker: ${marker}`)
  return marker
}

/** The markers in a text: as they are, in base64 at any alignment, in hex. */
export function markersIn(text: string): readonly Found[] {
  const found = plainMarkers(text)
  for (const { at, run } of encodedRuns(text)) {
    if (at === 'hex') found.push(...plainMarkers(Buffer.from(run, 'hex').toString('latin1')))
    else for (let skip = 0; skip < 4; skip++) found.push(...plainMarkers(decoded(run.slice(skip))))
  }
  return found
}

const plainMarkers = (text: string): Found[] =>
  [...text.matchAll(shape)].map(([marker, tenant]) => ({ tenant: Number(tenant), text: marker.toLowerCase() }))

/** Node reads both alphabets of base64. */
const decoded = (run: string): string => Buffer.from(run, 'base64').toString('latin1')

/** What the stem looks like in base64 after 0, 1 and 2 other bytes: the characters that depend on it alone. */
const inBase64 = [0, 1, 2].map((before) =>
  Buffer.from(`${' '.repeat(before)}${stem}`)
    .toString('base64')
    .slice(Math.ceil((before * 8) / 6), Math.floor(((before + stem.length) * 8) / 6)),
)
const inHex = Buffer.from(stem).toString('hex')
const encodedStem = new RegExp([...inBase64, inHex].join('|'), 'g')
/** Around an encoded stem, as far as a marker can reach. */
const around = 64

function* encodedRuns(text: string): Generator<{ readonly at: 'hex' | 'base64'; readonly run: string }> {
  for (const { 0: stemText, index } of text.matchAll(encodedStem)) {
    if (stemText === inHex) yield { at: 'hex', run: /^[0-9a-f]*/i.exec(text.slice(index, index + around))?.[0] ?? '' }
    else {
      const before = /[\w+/-]*$/.exec(text.slice(Math.max(0, index - around), index))?.[0] ?? ''
      const after = /^[\w+/-]*/.exec(text.slice(index, index + around))?.[0] ?? ''
      yield { at: 'base64', run: before + after }
    }
  }
}
