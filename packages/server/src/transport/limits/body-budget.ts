// Memory for the bodies of requests that are under way. Without it a caller with its share of requests could fill the process.
import { type Refusal, tooMuch } from './refusal.js'

export interface BodyBudgetRule {
  /** Bytes of all bodies at once. */
  readonly totalBytes: number
  /** Bytes of one caller's bodies at once: at least its longest one. */
  readonly callerBytes: number
}

/** What the body of one request holds. */
export interface BodyHold {
  /** Takes room for more of the body. @returns why there is none, nothing taken: 429 when the caller has too much, 503 when all have */
  take(bytes: number): Refusal | undefined
  /** Gives all back; call it when the request has ended. Calling it again changes nothing. */
  release(): void
}

export interface BodyBudget {
  /** @param principal the hash of the caller */
  hold(principal: string): BodyHold
}

/** For bodies of up to `maxBytes`: 16 of the longest at once, 4 of one caller. */
export const bodyBudgetFor = (maxBytes: number): BodyBudgetRule => ({
  totalBytes: 16 * maxBytes,
  callerBytes: 4 * maxBytes,
})

/** Counts what is held, in all and by caller. */
export function createBodyBudget({ totalBytes, callerBytes }: BodyBudgetRule): BodyBudget {
  let all = 0
  const ofEach = new Map<string, number>()
  const add = (principal: string, bytes: number) => {
    all += bytes
    const own = (ofEach.get(principal) ?? 0) + bytes
    if (own === 0) ofEach.delete(principal)
    else ofEach.set(principal, own)
  }
  return {
    hold(principal) {
      let held = 0
      return {
        take(bytes) {
          const own = ofEach.get(principal) ?? 0
          if (own + bytes > callerBytes) return full(429, 'this caller is sending as much at once as it may')
          if (all + bytes > totalBytes) return full(503, 'the server is being sent as much at once as it takes')
          held += bytes
          add(principal, bytes)
          return undefined
        },
        release() {
          if (held > 0) add(principal, -held)
          held = 0
        },
      }
    },
  }
}

/** The rest of the body is not read: the connection ends with the answer. */
function full(status: 429 | 503, message: string): Refusal {
  const refusal = tooMuch(status, message, 1000)
  return { ...refusal, headers: { ...refusal.headers, Connection: 'close' } }
}
