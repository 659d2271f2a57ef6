// What an answer says of buckets beside its hits, in sentences.
import type { QuiltError } from '@quilt-mcp/core'
import type { BucketIndex } from '@quilt-mcp/search-index'

const mostBuckets = 10
const mostUnreadable = 3

/** That these are not searched yet; nothing when there are none. */
export const awaitedNotes = (buckets: readonly string[]): readonly string[] =>
  buckets.length === 0 ? [] : [`Not searched yet, being listed: ${someOf(buckets, mostBuckets)}. Search again soon.`]

/** That what was found may be out of date. */
export const outdatedNote = (bucket: string, { message }: QuiltError): string =>
  `${bucket} was searched as it was when it last answered: ${message}.`

/** Which packages cannot be found, and why; nothing when all can. */
export function unreadableNotes({ bucket, state }: Pick<BucketIndex, 'bucket' | 'state'>): readonly string[] {
  const unreadable = state().unreadable.map(({ name, why }) => `${name} (${why})`)
  if (unreadable.length === 0) return []
  return [`Not found in ${bucket}, as they cannot be read: ${someOf(unreadable, mostUnreadable)}.`]
}

/** The first of several, and how many more there are. */
function someOf(names: readonly string[], most: number): string {
  const others = names.length - most
  return `${names.slice(0, most).join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
