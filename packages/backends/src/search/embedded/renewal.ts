// Work in the background that brings something up to date: at most one at a time, begun anew by who finds it too old.
import { setTimeout as after } from 'node:timers/promises'
import { waitFor } from '../../once.js'

export interface Renewal<Told> {
  /** Begins the work when it was not done just now, and waits a moment for it; it goes on then.
   * @param onProgress told what the work tells while this waits @returns the failure of the last attempt, when it ended with one */
  catchUp(options: RenewalOptions<Told>): Promise<unknown>
  /** What was found is not believed any longer. */
  changed(): void
  /** Whether nothing is under way. */
  isSettled(): boolean
  /** When nothing is under way any more. */
  settled(): Promise<void>
}

interface RenewalOptions<Told> {
  readonly signal: AbortSignal | undefined
  readonly onProgress?: (told: Told) => void
}

export interface RenewalDeps<Told> {
  readonly work: (onProgress: (told: Told) => void) => Promise<unknown>
  /** How long what was found is believed, milliseconds. */
  readonly freshMs: number
  /** How long is waited for the work, milliseconds. */
  readonly patienceMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Run {
  readonly done: Promise<unknown>
  /** Changes that were known when it began. Absent: it waits for the one before it, and will know all. */
  changes?: number
  /** Absent: it is under way. */
  endedAtMs?: number
}

/** Begins nothing yet. */
export function renewal<Told>({ work, freshMs, patienceMs, now }: RenewalDeps<Told>): Renewal<Told> {
  let last: Run | undefined
  let changes = 0
  const listeners = new Set<(told: Told) => void>()

  const run = async (me: Omit<Run, 'done'>, before: Promise<unknown> | undefined): Promise<unknown> => {
    await before
    me.changes = changes
    try {
      await work((told) => {
        for (const listener of listeners) listener(told)
      })
      return undefined
    } catch (failure) {
      return failure
    } finally {
      me.endedAtMs = now()
    }
  }
  const begin = (): Run => {
    const facts: Omit<Run, 'done'> = {}
    last = Object.assign(facts, { done: run(facts, last?.done) })
    return last
  }
  const isFresh = ({ changes: known = changes, endedAtMs }: Run): boolean =>
    known === changes && (endedAtMs === undefined || now() - endedAtMs < freshMs)

  return {
    async catchUp({ signal, onProgress }) {
      const { done } = last !== undefined && isFresh(last) ? last : begin()
      const timer = new AbortController()
      const patience = after(patienceMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined)
      if (onProgress !== undefined) listeners.add(onProgress)
      try {
        return await waitFor(Promise.race([done, patience]), signal)
      } finally {
        if (onProgress !== undefined) listeners.delete(onProgress)
        timer.abort()
      }
    },
    changed() {
      changes += 1
    },
    isSettled: () => last === undefined || last.endedAtMs !== undefined,
    settled: async () => void (await last?.done),
  }
}
