// Which of the opened indexes can be searched now, and why the others cannot.
import type { LeftOut, QuiltError } from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'
import type { KeptIndex } from './kept-index.js'
import type { Opened } from './kept-indexes.js'
import type { Searched } from './own-lists.js'
import { reasonOf } from './refusals.js'
import { awaitedNotes, outdatedNote } from './search-notes.js'

export interface ReadyIndexes {
  readonly kept: readonly KeptIndex[]
  /** Buckets that are being listed: nothing of them is shown before that. */
  readonly awaited: readonly string[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
  /** Why the first of those left out is. */
  readonly failure?: QuiltError
}

/** Brings the indexes up to date. A bucket that may not be read, or is none, is left out, whatever its index holds; one that does not answer
 * is searched as it was, if it answered this process before. */
export async function readyIndexes(
  opened: readonly Opened[],
  searched: Searched,
  buckets: Pick<Buckets, 'get'>,
  options: CallOptions,
): Promise<ReadyIndexes> {
  const looks = await Promise.all(opened.map((one) => lookAt(one, searched, buckets, options)))
  const awaited = looks.flatMap(({ is, bucket }) => (is === 'awaited' ? [bucket] : []))
  const leftOut = looks.flatMap((look) => (look.is === 'left out' ? [look] : []))
  const [first] = leftOut
  return {
    kept: looks.flatMap((look) => (look.is === 'ready' ? [look.kept] : [])),
    awaited,
    leftOut: leftOut.map(({ bucket, failure }) => ({ bucket, why: failure.message })),
    notes: [
      ...awaitedNotes(awaited),
      ...looks.flatMap((look) =>
        look.is === 'ready' && look.failure !== undefined ? [outdatedNote(look.bucket, look.failure)] : [],
      ),
    ],
    ...(first === undefined ? {} : { failure: first.failure }),
  }
}

type Look =
  | { readonly is: 'ready'; readonly bucket: string; readonly kept: KeptIndex; readonly failure?: QuiltError }
  | { readonly is: 'awaited'; readonly bucket: string }
  | { readonly is: 'left out'; readonly bucket: string; readonly failure: QuiltError }

async function lookAt(
  opened: Opened,
  searched: Searched,
  buckets: Pick<Buckets, 'get'>,
  options: CallOptions,
): Promise<Look> {
  const { bucket } = opened
  const reason = (failure: unknown): Promise<QuiltError> =>
    reasonOf(failure, bucket, { buckets, signal: options.signal })
  if ('failure' in opened) return { is: 'left out', bucket, failure: await reason(opened.failure) }
  const { kept } = opened
  const failed = await kept.catchUp(searched, options)
  if (failed === undefined) return kept.mayShow(searched) ? { is: 'ready', bucket, kept } : { is: 'awaited', bucket }
  const failure = await reason(failed)
  // After a refusal it may not be shown any longer.
  const isShown = kept.mayShow(searched) && hasBeenBuilt(kept, searched)
  return isShown ? { is: 'ready', bucket, kept, failure } : { is: 'left out', bucket, failure }
}

const hasBeenBuilt = ({ index }: KeptIndex, searched: Searched): boolean => {
  const state = index.state()
  return (searched === 'objects' ? state.objectsAtMs : state.packagesAtMs) !== undefined
}
