import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits; an abort ends it with the signal's own reason. */
export async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  // Any number of calls may pause on one signal.
  if (signal !== undefined) setMaxListeners(0, signal)
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })
  } catch (cause) {
    throw signal?.aborted ? signal.reason : cause
  }
}
