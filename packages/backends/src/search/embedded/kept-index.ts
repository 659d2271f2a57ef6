// The index of one bucket as a backend keeps it: open, and brought up to date now and then, in the background.
import type { BucketIndex, IndexState } from '@quilt-mcp/search-index'
import type { CallOptions } from '../../call-options.js'
import type { OwnLists, Searched } from './own-lists.js'
import { isRefusal } from './refusals.js'
import { type Renewal, type RenewalDeps, renewal } from './renewal.js'

export interface KeptIndex {
  readonly index: BucketIndex
  /** Whether what it holds may be shown: the registry has listed the same to this process. */
  mayShow(searched: Searched): boolean
  /** Brings it up to date when that was not done just now, and waits a moment for it; it goes on then.
   * @returns the failure of the last attempt, when it ended with one */
  catchUp(searched: Searched, options: CallOptions): Promise<unknown>
  /** What was found is not believed any longer. */
  changed(): void
  /** Whether nothing is under way. */
  isSettled(): boolean
  /** When nothing is under way any more. */
  settled(): Promise<void>
}

export interface KeptIndexDeps extends Omit<RenewalDeps<IndexState>, 'work'> {
  readonly index: BucketIndex
  /** Those that the source of the index notices. */
  readonly lists: OwnLists
  /** Ends what is under way. */
  readonly closing: AbortSignal
}

/** Keeps an index that was opened. */
export function keptIndex({ index, lists, closing, ...pace }: KeptIndexDeps): KeptIndex {
  const refreshing = (searched: Searched): Renewal<IndexState> =>
    renewal<IndexState>({
      ...pace,
      async work(onProgress) {
        closing.throwIfAborted()
        const options = { signal: closing, onProgress }
        try {
          await (searched === 'objects' ? index.refreshObjects(options) : index.refreshPackages(options))
        } catch (failure) {
          if (isRefusal(failure)) lists.forget(searched)
          throw failure
        }
      },
    })
  const asking = (searched: Searched): Renewal<never> =>
    renewal<never>({ ...pace, work: () => lists.ask(searched, { signal: closing }) })
  const refreshes = { packages: refreshing('packages'), objects: refreshing('objects') }
  const asks = { packages: asking('packages'), objects: asking('objects') }
  const all = [refreshes.packages, refreshes.objects, asks.packages, asks.objects]

  return {
    index,
    mayShow: (searched) => lists.has(searched),
    async catchUp(searched, { signal, onProgress }) {
      const tell = (state: IndexState): void => {
        const indexing = state[searched]
        if (indexing === undefined) return
        const { done, total } = indexing
        onProgress?.({ done, ...(total === undefined ? {} : { total }), message: `Indexing ${index.bucket}` })
      }
      const failure = await refreshes[searched].catchUp({ signal, onProgress: tell })
      if (failure !== undefined || lists.has(searched) || lists.isComing(searched)) return failure
      // Another process is building, and this one would get its list after that only.
      return asks[searched].catchUp({ signal })
    },
    changed() {
      for (const one of all) one.changed()
    },
    isSettled: () => all.every((one) => one.isSettled()),
    async settled() {
      await Promise.all(all.map((one) => one.settled()))
    },
  }
}
