// Work that is under way once for all who want its outcome at the same time.
import type { CallOptions, Progress } from '../../call-options.js'
import { waitFor } from '../../once.js'

/** Who joins work that others began may be told so. */
export interface SharedOutcome<T> {
  readonly value: T
  /** Whether this caller began the work. */
  readonly own: boolean
}

/** What shared work is given: the signal and the ears of all who wait. */
export interface WorkOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** Work by key. */
export interface SharedWork<T> {
  /** Begins the work for a key, or waits for the one under way. A caller's abort ends its own wait; the work itself is
   * aborted when all who waited are gone. Progress is told to all of them.
   * @throws what the work throws, wrapped in {@link JoinedFailure} for those who did not begin it */
  run(key: string, work: (options: WorkOptions) => Promise<T>, options?: CallOptions): Promise<SharedOutcome<T>>
}

/** Work that somebody else began has failed; `cause` says why. */
export class JoinedFailure extends Error {
  override readonly name = 'JoinedFailure'
}

interface UnderWay<T> {
  readonly promise: Promise<T>
  readonly abort: AbortController
  readonly listeners: Set<(progress: Progress) => void>
  waiting: number
}

/** Nothing is kept once it has ended. */
export function sharedWork<T>(): SharedWork<T> {
  const underWay = new Map<string, UnderWay<T>>()

  const begin = (key: string, work: (options: WorkOptions) => Promise<T>): UnderWay<T> => {
    const abort = new AbortController()
    const listeners = new Set<(progress: Progress) => void>()
    const onProgress = (progress: Progress): void => {
      for (const listener of listeners) listener(progress)
    }
    const promise = work({ signal: abort.signal, onProgress }).finally(() => forget(key, begun))
    const begun: UnderWay<T> = { promise, abort, listeners, waiting: 0 }
    underWay.set(key, begun)
    return begun
  }
  const forget = (key: string, ended: UnderWay<T>): void => {
    if (underWay.get(key) === ended) underWay.delete(key)
  }

  return {
    async run(key, work, { signal, onProgress } = {}) {
      signal?.throwIfAborted()
      const joined = underWay.get(key)
      const shared = joined ?? begin(key, work)
      shared.waiting += 1
      if (onProgress !== undefined) shared.listeners.add(onProgress)
      try {
        return { value: await waitFor(shared.promise, signal), own: joined === undefined }
      } catch (error) {
        if (joined === undefined || signal?.aborted) throw error
        throw new JoinedFailure('work that was begun by another caller has failed', { cause: error })
      } finally {
        if (onProgress !== undefined) shared.listeners.delete(onProgress)
        shared.waiting -= 1
        if (shared.waiting === 0) {
          forget(key, shared)
          shared.abort.abort(new Error('nobody waits for it any more'))
        }
      }
    },
  }
}
