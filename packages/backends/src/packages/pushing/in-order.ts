// Work on many things at a time, its results in the order of the things, and never more than a stretch of them held.
import { setMaxListeners } from 'node:events'

export interface InOrderOptions {
  /** How many are worked on at the same time. */
  readonly atOnce: number
}

/** The result of one thing that is known at once, or the work that gives it. */
export type Step<U> = { readonly done: U } | { readonly run: (signal: AbortSignal) => Promise<U> }

interface Slot<U> {
  result?: { readonly value: U }
}

/** Results that are held while an earlier one is waited for. */
const mostAhead = 2_000
const inBatch = 1_000

/**
 * The results, in batches. What is running is told to stop, and waited for, when one fails or the loop is left.
 * @param batches one after the other; the next is asked for when there is room
 */
export async function* inOrder<T, U>(
  batches: AsyncIterable<readonly T[]> | Iterable<readonly T[]>,
  step: (item: T) => Step<U>,
  { atOnce, signal }: InOrderOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly U[], void, undefined> {
  const stop = new AbortController()
  const inner = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  // All that runs listens to it.
  setMaxListeners(0, inner)
  let slots: Slot<U>[] = []
  let running = 0
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}

  const start = async (slot: Slot<U>, run: (signal: AbortSignal) => Promise<U>): Promise<void> => {
    running += 1
    try {
      slot.result = { value: await run(inner) }
    } catch (error) {
      failure ??= { error }
    }
    running -= 1
    wake()
  }
  const changed = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
    if (failure !== undefined) throw failure.error
  }
  /** The results that are there, up to the first one that is not. */
  const taken = (): readonly U[] => {
    const values: U[] = []
    for (const { result } of slots) {
      if (result === undefined) break
      values.push(result.value)
    }
    slots = slots.slice(values.length)
    return values
  }

  try {
    for await (const batch of batches) {
      signal?.throwIfAborted()
      for (const item of batch) {
        const next = step(item)
        const slot: Slot<U> = 'done' in next ? { result: { value: next.done } } : {}
        if ('run' in next) {
          while (running >= atOnce) await changed()
          void start(slot, next.run)
        }
        slots.push(slot)
        while (slots.length >= mostAhead && slots[0]?.result === undefined) await changed()
        if (slots.length >= mostAhead) yield taken()
      }
      if (slots.length >= inBatch && slots[0]?.result !== undefined) yield taken()
    }
    while (running > 0) await changed()
    if (slots.length > 0) yield taken()
    if (failure !== undefined) throw failure.error
    signal?.throwIfAborted()
  } finally {
    stop.abort()
    failure ??= { error: undefined }
    while (running > 0)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}
