// What goes wrong on the way to a registry or to S3, by chance that can be repeated.
import type { Random } from '../../e2e/fuzz/random.js'

export interface Disturbance {
  readonly delayMs: number
  /** A status in place of the answer, or a connection that breaks: before the request went on, or after it was carried out. */
  readonly fault?: number | 'reset before' | 'reset after' | undefined
}

export const undisturbed: Disturbance = { delayMs: 0 }

const mostDelayMs = 50
/** One request in so many. */
const faults = [
  [80, 500],
  [80, 503],
  [160, 'reset before'],
  [160, 'reset after'],
] as const
const refusedExchangeOneIn = 25

/** @param url the path of the request; an exchange of a token for AWS keys is sometimes refused */
export function disturbance(random: Random, url: string): Disturbance {
  const delayMs = random.below(mostDelayMs + 1)
  if (url.includes('get_credentials') && random.oneIn(refusedExchangeOneIn)) return { delayMs, fault: 401 }
  return { delayMs, fault: faults.find(([times]) => random.oneIn(times))?.[1] }
}
