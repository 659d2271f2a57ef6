// A value that lives elsewhere (keys of an issuer, secrets of a deployment): read when it is needed, kept when it cannot be read.
import type { QuiltError } from '@quilt-mcp/core'

export interface KeptFreshOptions<T> {
  /** Reads the value. Rejects when there is no answer; the signal ends a read that takes too long. */
  read(signal: AbortSignal): Promise<T>
  /** What a caller is told when there is no value at all. */
  unavailable(cause: unknown): QuiltError
  /** How long a value serves that could not be confirmed, in milliseconds. Default: for ever. */
  readonly trustedForMs?: number | undefined
  /** Told of every read that failed. */
  readonly onProblem?: ((error: unknown) => void) | undefined
  /** Milliseconds, growing. */
  readonly now?: (() => number) | undefined
}

export interface KeptFresh<T> {
  /** The value. @throws {QuiltError} `unavailable` when there is none that can be trusted */
  get(): Promise<T>
  /** The value after another read, for whom the known one does not serve; at most one read in 30 s. After a read that failed the next
   * goes on in the background: what nobody can tell apart from a bad token must not make its sender wait. @throws as `get` */
  again(): Promise<T>
}

/** From this age on a value is read again while the old one serves. */
const freshForMs = 600_000
/** From this age on a caller waits for the new one: nobody came for so long that the old one may have been taken back. */
const staleAfterMs = 1_200_000
const pauseMs = 30_000
const longestReadMs = 10_000

export function keptFresh<T>(options: KeptFreshOptions<T>): KeptFresh<T> {
  const { read, unavailable, trustedForMs = Number.POSITIVE_INFINITY, onProblem, now = Date.now } = options
  let known: { readonly value: T; readonly readAtMs: number } | undefined
  let failed: { readonly cause: unknown } | undefined
  let triedAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const tryToRead = async (): Promise<void> => {
    try {
      const value = await read(AbortSignal.timeout(longestReadMs))
      known = { value, readAtMs: now() }
      failed = undefined
    } catch (cause) {
      failed = { cause }
      onProblem?.(cause)
    } finally {
      reading = undefined
    }
  }
  /** Never rejects; those who come meanwhile wait for the same read. */
  const renew = (): Promise<void> => {
    if (reading !== undefined) return reading
    if (now() - triedAtMs < pauseMs) return Promise.resolve()
    triedAtMs = now()
    reading = tryToRead()
    return reading
  }
  const ageMs = (): number => (known === undefined ? Number.POSITIVE_INFINITY : now() - known.readAtMs)
  const trusted = (): T => {
    if (known === undefined || ageMs() >= trustedForMs) throw unavailable(failed?.cause)
    return known.value
  }

  return {
    async get() {
      // In an outage nobody but the first waits: what is known serves.
      if (ageMs() >= trustedForMs || (ageMs() >= staleAfterMs && failed === undefined)) await renew()
      else if (ageMs() >= freshForMs) void renew()
      return trusted()
    },
    async again() {
      const inOutage = failed !== undefined && known !== undefined
      const renewed = renew()
      if (!inOutage) await renewed
      return trusted()
    },
  }
}
