// Answers from the indexes of buckets: what is ready is searched, what is not is named.
import { type Indexing, QuiltError, type SearchAnswer, type SearchRequest } from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'
import type { Opened } from './kept-indexes.js'
import type { Searched } from './own-lists.js'
import { readyIndexes } from './ready-indexes.js'
import { unreadableNotes } from './search-notes.js'

export interface AnsweringDeps {
  readonly buckets: Pick<Buckets, 'get'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Searches what can be searched. A file that shows damage is thrown away and built again, once.
 * @throws {QuiltError} why the first bucket cannot be searched, when none can; what searching says of the request */
export async function answerFrom(
  opened: readonly Opened[],
  request: SearchRequest,
  deps: AnsweringDeps,
  options: CallOptions,
): Promise<SearchAnswer> {
  const { isDamage } = await import('@quilt-mcp/search-index')
  try {
    return await answerOnce(opened, request, deps, options)
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  await discardDamaged(opened, request, deps)
  try {
    return await answerOnce(opened, request, deps, options)
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new QuiltError('upstream', 'A search index is damaged again as soon as it is built', {
      hint: 'Look whether the disk of the cache folder is sound.',
      retryable: false,
      cause: error,
    })
  }
}

async function answerOnce(
  opened: readonly Opened[],
  request: SearchRequest,
  { buckets, now }: AnsweringDeps,
  options: CallOptions,
): Promise<SearchAnswer> {
  const { searchIndexes } = await import('@quilt-mcp/search-index')
  const searched: Searched = request.scope === 'objects' ? 'objects' : 'packages'
  const { kept, awaited, leftOut, notes, failure } = await readyIndexes(opened, searched, buckets, options)
  if (kept.length === 0 && awaited.length === 0 && failure !== undefined) throw failure
  const indexes = kept.map(({ index }) => index)
  const { indexing, ...answer } = await searchIndexes(indexes, request, { nowMs: now(), signal: options.signal })
  const all = awaited.length === 0 ? indexing : withUnlisted(indexing, searched)
  return {
    ...answer,
    ...(all === undefined ? {} : { indexing: all }),
    leftOut,
    notes: [...notes, ...indexes.flatMap(unreadableNotes)],
  }
}

/** How many there are in buckets that are being listed is not known. */
const withUnlisted = (indexing: Indexing | undefined, of: Searched): Indexing => ({ done: indexing?.done ?? 0, of })

/** The file of each index that cannot be searched. It can be made again; the others are whole. */
async function discardDamaged(
  opened: readonly Opened[],
  request: SearchRequest,
  { now }: AnsweringDeps,
): Promise<void> {
  const { isDamage, searchIndexes } = await import('@quilt-mcp/search-index')
  for (const one of opened) {
    if (!('kept' in one)) continue
    const { index, changed } = one.kept
    try {
      await searchIndexes([index], request, { nowMs: now() })
      index.state()
    } catch (error) {
      if (!isDamage(error)) throw error
      index.discard()
      changed()
    }
  }
}
