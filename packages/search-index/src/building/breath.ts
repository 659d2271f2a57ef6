import { setImmediate as nextTurn } from 'node:timers/promises'

const longestTurnMs = 10

/** Lets others run when this turn of the event loop has become long; else returns at once. */
export type Breathe = (signal?: AbortSignal) => Promise<void>

export function breathing(): Breathe {
  let sinceMs = performance.now()
  return async (signal) => {
    signal?.throwIfAborted()
    if (performance.now() - sinceMs < longestTurnMs) return
    await nextTurn()
    sinceMs = performance.now()
  }
}
