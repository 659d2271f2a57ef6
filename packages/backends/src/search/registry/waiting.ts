// Tells that a search still runs: over big buckets it takes up to a minute.
import type { CallOptions } from '../../call-options.js'

/** How long a caller waits for words. */
export const progressEveryMs = 5_000

/** The outcome of a search; while it is awaited, progress is told in seconds. */
export async function whileWaiting<T>(
  work: Promise<T>,
  { onProgress }: Pick<CallOptions, 'onProgress'>,
  { message, everyMs }: { readonly message: string; readonly everyMs: number },
): Promise<T> {
  if (onProgress === undefined) return work
  let told = 0
  const timer = setInterval(() => {
    told += 1
    onProgress({ done: Math.round((told * everyMs) / 1_000), message })
  }, everyMs)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}
