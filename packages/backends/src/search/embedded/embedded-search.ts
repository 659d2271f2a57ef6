// Search without a registry: over indexes of this machine, which are made from manifests while they are searched.
import {
  checkScope,
  type LeftOut,
  type Query,
  QuiltError,
  type SearchAnswer,
  type SearchRequest,
  type SearchScope,
} from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'
import { conditionsOf } from '../conjuncts.js'
import type { Search } from '../port.js'
import { searchedBuckets } from '../searched-buckets.js'
import type { KeptIndex, Searched } from './kept-index.js'
import { type KeptIndexesDeps, keptIndexes, type Opened } from './kept-indexes.js'

export interface EmbeddedSearchDeps extends KeptIndexesDeps {
  readonly buckets: Buckets
}

export interface EmbeddedSearch extends Search {
  /** The caller has written into the bucket: the next search looks again. */
  changed(bucket: string): void
  /** Ends what is being indexed, and closes the indexes. May be searched again. */
  close(): Promise<void>
}

/** More buckets than these are not searched at once unless they are named. */
const mostBuckets = 200

/** Makes the search. Nothing is opened before the first one. */
export function embeddedSearch(deps: EmbeddedSearchDeps): EmbeddedSearch {
  const indexes = keptIndexes(deps)
  return {
    async search(request, options = {}) {
      checkScope(request.query, request.scope)
      const chosen = await chooseBuckets(request, deps, options)
      return indexes.use(chosen.buckets, async (opened) => {
        const ready = await readyIndexes(opened, request.scope, deps, options)
        if (ready.indexes.length === 0 && ready.failure !== undefined) throw ready.failure
        const answer = await searchReady(ready.indexes, request, deps, options)
        return {
          ...answer,
          leftOut: [...chosen.leftOut, ...ready.leftOut],
          notes: [...chosen.notes, ...ready.notes, ...unreadableIn(ready.indexes)],
        }
      })
    },
    changed: (bucket) => indexes.changed(bucket),
    close: () => indexes.close(),
  }
}

interface ChosenBuckets {
  readonly buckets: readonly string[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
}

async function chooseBuckets(
  request: SearchRequest,
  { buckets }: EmbeddedSearchDeps,
  { signal }: CallOptions,
): Promise<ChosenBuckets> {
  const onBuckets: readonly Query[] = conditionsOf(request.query)?.onBuckets ?? []
  const notes: string[] = []
  const visible = async (): Promise<readonly string[]> => {
    const page = await buckets.list({ limit: mostBuckets, signal })
    if (page.cursor !== undefined)
      notes.push(`Only the first ${mostBuckets} buckets were searched: name the buckets to search others.`)
    return page.items.map(({ name }) => name)
  }
  // Buckets that are named need not be in the list: the right to list them is another one.
  const named = request.buckets !== undefined && request.buckets.length > 0 ? request.buckets : undefined
  const names = named ?? (await visible())
  const chosen = await searchedBuckets(named, onBuckets, async () => names)
  return { buckets: chosen.buckets ?? names, leftOut: chosen.leftOut, notes }
}

interface ReadyIndexes {
  readonly indexes: readonly KeptIndex[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
  /** Why the first of those left out is. */
  readonly failure?: QuiltError
}

/** Brings the indexes up to date. A bucket that may not be read, or is none, is left out, whatever its index holds; one that does not answer
 * is searched as it was. */
async function readyIndexes(
  opened: readonly Opened[],
  scope: SearchScope,
  { buckets }: EmbeddedSearchDeps,
  options: CallOptions,
): Promise<ReadyIndexes> {
  const searched = scope === 'objects' ? 'objects' : 'packages'
  const looks = await Promise.all(opened.map((one) => lookAt(one, searched, buckets, options)))
  const leftOut = looks.flatMap((look) => (look.kept === undefined ? [look] : []))
  const old = looks.flatMap((look) => (look.kept !== undefined && look.failure !== undefined ? [look] : []))
  const [first] = leftOut
  return {
    indexes: looks.flatMap(({ kept }) => kept ?? []),
    leftOut: leftOut.map(({ bucket, failure }) => ({ bucket, why: failure.message })),
    notes: old.map(
      ({ bucket, failure }) => `${bucket} was searched as it was when it last answered: ${failure?.message}.`,
    ),
    ...(first === undefined ? {} : { failure: first.failure }),
  }
}

/** An index that can be searched, or why not. */
type Look =
  | { readonly bucket: string; readonly kept: KeptIndex; readonly failure: QuiltError | undefined }
  | { readonly bucket: string; readonly kept?: undefined; readonly failure: QuiltError }

async function lookAt(
  opened: Opened,
  searched: Searched,
  buckets: EmbeddedSearchDeps['buckets'],
  options: CallOptions,
): Promise<Look> {
  const { bucket } = opened
  if ('failure' in opened) return { bucket, failure: await reasonOf(opened.failure, bucket, buckets, options) }
  const { kept } = opened
  const failed = await kept.catchUp(searched, options)
  if (failed === undefined) return { bucket, kept, failure: undefined }
  const failure = await reasonOf(failed, bucket, buckets, options)
  return isRefusal(failure) || !hasBeenBuilt(kept, searched) ? { bucket, failure } : { bucket, kept, failure }
}

const hasBeenBuilt = ({ index }: KeptIndex, searched: Searched): boolean => {
  const state = index.state()
  return (searched === 'objects' ? state.objectsAtMs : state.packagesAtMs) !== undefined
}

const isRefusal = ({ code }: QuiltError): boolean => ['forbidden', 'not_found', 'unauthenticated'].includes(code)

/** S3 denies access to buckets that are none, too: then whoever lists the buckets knows better. */
async function reasonOf(
  failure: unknown,
  bucket: string,
  buckets: EmbeddedSearchDeps['buckets'],
  { signal }: CallOptions,
): Promise<QuiltError> {
  if (!(failure instanceof QuiltError)) throw failure
  if (failure.details?.s3 !== 'AccessDenied') return failure
  try {
    await buckets.get(bucket, { signal })
    return failure
  } catch (error) {
    if (error instanceof QuiltError) return error
    throw error
  }
}

async function searchReady(
  kept: readonly KeptIndex[],
  request: SearchRequest,
  { now }: EmbeddedSearchDeps,
  options: CallOptions,
): Promise<Omit<SearchAnswer, 'leftOut' | 'notes'>> {
  const { isDamage, searchIndexes } = await import('@quilt-mcp/search-index')
  const search = () =>
    searchIndexes(
      kept.map(({ index }) => index),
      request,
      { nowMs: now(), signal: options.signal },
    )
  try {
    return await search()
  } catch (error) {
    if (!isDamage(error)) throw error
    // It can all be made again.
    for (const { index } of kept) index.discard()
    return search()
  }
}

const mostUnreadable = 3

function unreadableIn(kept: readonly KeptIndex[]): readonly string[] {
  return kept.flatMap(({ index }) => {
    const { unreadable } = index.state()
    if (unreadable.length === 0) return []
    const named = unreadable.slice(0, mostUnreadable).map(({ name, why }) => `${name} (${why})`)
    const others = unreadable.length - named.length
    return [
      `Not found in ${index.bucket}, as they cannot be read: ${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}.`,
    ]
  })
}
