// Whether a request may begin: how many run at once, in all and of one caller, and how many a caller may send in a minute.
import { createRates } from './rates.js'
import { type Leave, type Refusal, tooMuch } from './refusal.js'

export interface AdmissionRule {
  /** Requests at once, of all callers. */
  readonly maxConcurrent: number
  /** Requests a minute of one caller; 0: any number. */
  readonly rateLimit: number
  /** Milliseconds, not falling. */
  now(): number
}

export interface Admission {
  /** First of all, before anything is known of a request: 503 when the server is full. */
  enter(): Leave | Refusal
  /** Once the caller is known: 429 when it sends too often, or already has its share of the server.
   * @param principal the hash of the caller, never its token */
  enterAs(principal: string): Leave | Refusal
  /** Requests that entered and did not leave. */
  underWay(): number
}

const mostPrincipals = 10_000
const leastBurst = 20
const leastShare = 8

/** One caller may have a quarter of the requests at once, at least 8, so that nobody can fill the server alone; and a fifth of a
 * minute's requests in one go, at least 20. */
export function admission({ maxConcurrent, rateLimit, now }: AdmissionRule): Admission {
  const share = Math.max(leastShare, Math.floor(maxConcurrent / 4))
  const rates = createRates({
    perMinute: rateLimit,
    burst: Math.max(leastBurst, Math.floor(rateLimit / 5)),
    most: mostPrincipals,
    now,
  })
  let all = 0
  // Only callers with a request under way: no longer than maxConcurrent.
  const ofEach = new Map<string, number>()
  return {
    enter() {
      if (all >= maxConcurrent) return tooMuch(503, 'the server is working on as many requests as it takes', 1000)
      all++
      return once(() => all--)
    },
    enterAs(principal) {
      const own = ofEach.get(principal) ?? 0
      if (own >= share) return tooMuch(429, `this caller has ${own} requests under way, as many as it may`, 1000)
      const wait = rateLimit === 0 ? 0 : rates.take(principal)
      if (wait > 0) return tooMuch(429, `this caller sends more than ${rateLimit} requests a minute`, wait)
      ofEach.set(principal, own + 1)
      return once(() => {
        const left = (ofEach.get(principal) ?? 1) - 1
        if (left === 0) ofEach.delete(principal)
        else ofEach.set(principal, left)
      })
    },
    underWay: () => all,
  }
}

function once(leave: () => void): Leave {
  let left = false
  return () => {
    if (left) return
    left = true
    leave()
  }
}
