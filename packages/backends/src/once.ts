// Work that is done once and shared by all who wait for it.
import { setMaxListeners } from 'node:events'

/** Calls `load` at the first use; its value is kept, its failure is not: the next caller tries again.
 * A caller's own abort ends that caller's wait, not the work of the others. */
export function once<T>(load: () => Promise<T>): (signal?: AbortSignal) => Promise<T> {
  let kept: Promise<T> | undefined
  return async (signal) => {
    signal?.throwIfAborted()
    kept ??= load().catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return waitFor(kept, signal)
  }
}

/** The promise's outcome, or the signal's reason when that comes first. */
export async function waitFor<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  // Who has left hears nothing of the outcome: a failure that nobody waits for must not end the process.
  promise.catch(() => {})
  signal.throwIfAborted()
  let abort = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(reasonOf(signal))
  })
  // Any number of calls may wait on one signal; each takes its listener away again.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason })
}
