// Whether this replica should get requests. A load balancer asks every few seconds, and there may be many of them.
import { QuiltError } from '@quilt-mcp/core'
import { asQuiltError } from '../../mcp/error.js'

export interface ReadinessDeps {
  /** Resolves when the registry answers; rejects with what is wrong. */
  probe(signal: AbortSignal): Promise<unknown>
  /** Milliseconds, not falling. */
  now(): number
  /** Milliseconds that a probe may take. Default: 3 s. */
  readonly timeoutMs?: number
  /** Milliseconds that its answer holds. Default: 5 s. */
  readonly rememberMs?: number
}

export interface Readiness {
  /** Undefined: ready. Else why not, within the time of a probe. Those who ask together share one probe. */
  check(): Promise<QuiltError | undefined>
  /** From now on not ready: the server is stopping. */
  drain(): void
}

/** Asks `probe` when nobody asked for a while. */
export function createReadiness({ probe, now, timeoutMs = 3000, rememberMs = 5000 }: ReadinessDeps): Readiness {
  let draining = false
  let asked: Promise<QuiltError | undefined> | undefined
  let until = Number.NEGATIVE_INFINITY
  const ask = async () => {
    try {
      await within(timeoutMs, probe)
      return undefined
    } catch (thrown) {
      return asQuiltError(thrown)
    } finally {
      until = now() + rememberMs
    }
  }
  return {
    async check() {
      if (draining) return stopping()
      if (asked === undefined || now() >= until) {
        until = Number.POSITIVE_INFINITY
        asked = ask()
      }
      const problem = await asked
      return draining ? stopping() : problem
    },
    drain() {
      draining = true
    },
  }
}

/** Holds also for a probe that does not listen to its signal. */
async function within(ms: number, probe: ReadinessDeps['probe']): Promise<void> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const hint = 'See whether the registry is up, and whether this machine can reach it.'
      const error = new QuiltError('timeout', `the registry did not answer within ${ms / 1000} s`, { hint })
      late.abort(error)
      reject(error)
    }, ms)
  })
  try {
    await Promise.race([probe(late.signal), tooLate])
  } finally {
    clearTimeout(timer)
  }
}

const stopping = (): QuiltError =>
  new QuiltError('upstream', 'this server is being stopped', { hint: 'Send requests to another replica.' })
