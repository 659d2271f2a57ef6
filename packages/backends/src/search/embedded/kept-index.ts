// The index of one bucket as a backend keeps it: open, and brought up to date now and then, in the background.
import { setTimeout as after } from 'node:timers/promises'
import type { Indexing } from '@quilt-mcp/core'
import type { BucketIndex, IndexState } from '@quilt-mcp/search-index'
import type { CallOptions } from '../../call-options.js'
import { waitFor } from '../../once.js'

/** What of a bucket a search looks at. */
export type Searched = Indexing['of']

export interface KeptIndex {
  readonly index: BucketIndex
  /** Brings it up to date when that was not done just now, and waits a moment for it; it goes on then.
   * @returns the failure of the last attempt, when it ended with one */
  catchUp(searched: Searched, options: CallOptions): Promise<unknown>
  /** What was found is not believed any longer. */
  changed(): void
  /** When nothing is under way any more. */
  settled(): Promise<void>
}

export interface KeptIndexDeps {
  readonly index: BucketIndex
  /** How long what was found is believed, milliseconds. */
  readonly freshMs: number
  /** How long a search waits for what is new, milliseconds. */
  readonly patienceMs: number
  /** Ends what is under way. */
  readonly closing: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Refresh {
  readonly done: Promise<unknown>
  /** Changes that were known when it began. */
  readonly changes: number
  /** Absent: it is under way. */
  endedAtMs?: number
}

/** Keeps an index that was opened. */
export function keptIndex(deps: KeptIndexDeps): KeptIndex {
  const { index, freshMs, patienceMs, closing, now } = deps
  const refreshes = new Map<Searched, Refresh>()
  let changes = 0
  const listeners = new Set<(state: IndexState) => void>()

  const begin = (searched: Searched): Refresh => {
    const onProgress = (state: IndexState) => {
      for (const listener of listeners) listener(state)
    }
    const options = { signal: closing, onProgress }
    const work = searched === 'objects' ? index.refreshObjects(options) : index.refreshPackages(options)
    const refresh: Refresh = {
      changes,
      done: work.then(
        () => undefined,
        (failure: unknown) => failure,
      ),
    }
    refreshes.set(searched, refresh)
    void refresh.done.then(() => {
      refresh.endedAtMs = now()
    })
    return refresh
  }
  const isFresh = (refresh: Refresh): boolean =>
    refresh.changes === changes && (refresh.endedAtMs === undefined || now() - refresh.endedAtMs < freshMs)

  return {
    index,
    async catchUp(searched, { signal, onProgress }) {
      const last = refreshes.get(searched)
      const refresh = last !== undefined && isFresh(last) ? last : begin(searched)
      const tell = (state: IndexState): void => {
        const { done, total } = state[searched] ?? { done: 0 }
        onProgress?.({ done, ...(total === undefined ? {} : { total }), message: `Indexing ${index.bucket}` })
      }
      const timer = new AbortController()
      const patience = after(patienceMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined)
      listeners.add(tell)
      try {
        return await waitFor(Promise.race([refresh.done, patience]), signal)
      } finally {
        listeners.delete(tell)
        timer.abort()
      }
    },
    changed() {
      changes += 1
    },
    async settled() {
      await Promise.all([...refreshes.values()].map(({ done }) => done))
    },
  }
}
