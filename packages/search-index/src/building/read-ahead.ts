/** What was made of one item. */
export interface Ready<R> {
  readonly result: R
  /** Whether the next one is at hand, too: else this is the time to finish what is open. */
  readonly nextIsReady: boolean
}

/** Makes results of items, several at once, and gives them in the order of the items.
 * @param leave called with results that nobody took, when the loop is left early */
export async function* readAhead<T, R>(
  items: Iterable<T>,
  make: (item: T) => Promise<R>,
  { width, leave }: { readonly width: number; readonly leave?: (result: R) => Promise<void> },
): AsyncGenerator<Ready<R>> {
  const waiting: { readonly promise: Promise<R>; isReady: boolean }[] = []
  const remaining = items[Symbol.iterator]()
  const fill = (): void => {
    while (waiting.length < width) {
      const next = remaining.next()
      if (next.done === true) return
      const promise = make(next.value)
      const started = { promise, isReady: false }
      // A failure is thrown when its turn comes, and must not end the process before.
      promise.then(
        () => {
          started.isReady = true
        },
        () => {},
      )
      waiting.push(started)
    }
  }
  try {
    for (fill(); waiting.length > 0; fill()) {
      const result = await waiting[0]?.promise
      waiting.shift()
      if (result !== undefined) yield { result, nextIsReady: waiting[0]?.isReady === true }
    }
  } finally {
    const rest = await Promise.allSettled(waiting.map(({ promise }) => promise))
    for (const left of rest) if (left.status === 'fulfilled') await leave?.(left.value)
  }
}
