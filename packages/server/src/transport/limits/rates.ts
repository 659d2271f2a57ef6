// Token buckets: how often each of many keys may do something. Bounded: keys that were silent longest are forgotten first.
import { LRUCache } from 'lru-cache'

export interface RateRule {
  /** A minute, when asked all the time. */
  readonly perMinute: number
  /** At once, after a while of silence. */
  readonly burst: number
  /** Keys that are remembered. */
  readonly most: number
  /** Milliseconds, not falling. */
  now(): number
}

export interface Rates {
  /** Takes one. @returns 0; or the milliseconds until there is one to take, and nothing was taken */
  take(key: string): number
  /** What `take` would return, taking nothing. */
  waitMs(key: string): number
}

/** A key never takes more than `burst + perMinute * minutes` in any stretch of time while it is remembered. What pushed-out keys had
 * used up is not lost either: a key that is not known starts with what the emptiest of the forgotten would have by now, and at
 * least with one. So to be forgotten gains a key one call, and takes `most` other keys that called since its last call. */
export function createRates({ perMinute, burst, most, now }: RateRule): Rates {
  const intervalMs = 60_000 / perMinute
  const burstMs = (burst - 1) * intervalMs
  // Of each key, when its bucket will be full again: one number, exact for as long as it is kept.
  let forgotten = Number.NEGATIVE_INFINITY
  const fullAt = new LRUCache<string, number>({
    max: most,
    dispose: (full, _key, reason) => {
      if (reason === 'evict') forgotten = Math.max(forgotten, full)
    },
  })
  const full = (key: string): number => Math.max(now(), fullAt.get(key) ?? Math.min(forgotten, now() + burstMs))
  const wait = (key: string): number => Math.max(0, Math.ceil(full(key) - now() - burstMs - roundingMs))
  return {
    take(key) {
      const ms = wait(key)
      fullAt.set(key, full(key) + (ms === 0 ? intervalMs : 0))
      return ms
    },
    waitMs: wait,
  }
}

const roundingMs = 1e-3
