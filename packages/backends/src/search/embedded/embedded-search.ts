// Search without a registry: over indexes of this machine, which are made from manifests while they are searched.
import { checkScope, type LeftOut, type Query, type SearchRequest } from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'
import { conditionsOf } from '../conjuncts.js'
import type { Search } from '../port.js'
import { searchedBuckets } from '../searched-buckets.js'
import { answerFrom } from './answering.js'
import { type KeptIndexesDeps, keptIndexes } from './kept-indexes.js'

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
        const answer = await answerFrom(opened, request, deps, options)
        return {
          ...answer,
          leftOut: [...chosen.leftOut, ...answer.leftOut],
          notes: [...chosen.notes, ...answer.notes],
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
