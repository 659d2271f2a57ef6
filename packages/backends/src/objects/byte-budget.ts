// How many bytes may be held in memory at the same time by all who share a budget.
import { waitFor } from '../once.js'

export interface ByteBudget {
  /** Waits, first come first served, until so many bytes are free. What is larger than the whole budget goes alone.
   * @returns gives them back; harmless when called again. Rejects with the signal's reason */
  take(bytes: number, signal?: AbortSignal): Promise<() => void>
}

interface Waiting {
  readonly bytes: number
  readonly begin: (release: () => void) => void
}

/** Makes a budget. */
export function createByteBudget(total: number): ByteBudget {
  let free = total
  const queue = new Set<Waiting>()

  const admit = (): void => {
    for (const waiting of queue) {
      const bytes = Math.min(waiting.bytes, total)
      if (bytes > free) return
      queue.delete(waiting)
      free -= bytes
      let held = true
      waiting.begin(() => {
        if (!held) return
        held = false
        free += bytes
        admit()
      })
    }
  }

  return {
    async take(bytes, signal) {
      let waiting: Waiting | undefined
      const taken = new Promise<() => void>((begin) => {
        waiting = { bytes, begin }
        queue.add(waiting)
        admit()
      })
      try {
        return await waitFor(taken, signal)
      } catch (error) {
        if (waiting !== undefined && !queue.delete(waiting)) (await taken)()
        admit()
        throw error
      }
    },
  }
}
