// Walks several revisions side by side, key by key. What diff and merge are built on.
import { QuiltError } from '../errors.js'
import type { Entry } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'

/** The entries of one revision in tree order, in batches of any length. */
export type EntryBatches = AsyncIterable<readonly Entry[]>

/** What each revision has under one logical key, in the order of the sources; at least one has it. */
export type AlignedEntries = readonly (Entry | undefined)[]

/**
 * The entries of all sources, aligned by logical key, in tree order. Holds one batch of each source.
 *
 * Leaving the loop, or an error of one source, closes all of them.
 * @throws {QuiltError} `invalid_input` when a source is not in tree order or repeats a key
 */
export async function* alignEntries(sources: readonly EntryBatches[]): AsyncGenerator<readonly AlignedEntries[]> {
  const walks = sources.map(walk)
  try {
    for (;;) {
      for (const each of walks) {
        if (each.current() === undefined) await each.fill()
      }
      const rows = alignedRows(walks)
      if (rows.length === 0) return
      yield rows
    }
  } finally {
    await Promise.all(walks.map((each) => each.close()))
  }
}

/** Rows until a source that has more to come needs its next batch. Empty: all sources have ended. */
function alignedRows(walks: readonly Walk[]): readonly AlignedEntries[] {
  const rows: AlignedEntries[] = []
  for (;;) {
    const least = leastKey(walks)
    if (least === undefined) return rows
    rows.push(walks.map((each) => each.take(least)))
    if (walks.some((each) => each.current() === undefined && !each.hasEnded())) return rows
  }
}

function leastKey(walks: readonly Walk[]): string | undefined {
  let least: string | undefined
  for (const each of walks) {
    const key = each.current()?.logicalKey
    if (key === undefined || key === least) continue
    if (least === undefined || compareLogicalKeys(key, least) < 0) least = key
  }
  return least
}

type Walk = ReturnType<typeof walk>

/** Steps through one source entry by entry; only `fill` waits. */
function walk(source: EntryBatches) {
  const iterator = source[Symbol.asyncIterator]()
  let batch: readonly Entry[] = []
  let at = 0
  let isDone = false
  return {
    current: (): Entry | undefined => batch[at],
    hasEnded: (): boolean => isDone,
    /** The current entry if it has this key; then the walk is one step further. */
    take(logicalKey: string): Entry | undefined {
      const entry = batch[at]
      if (entry?.logicalKey !== logicalKey) return undefined
      at++
      checkOrder(logicalKey, batch[at]?.logicalKey)
      return entry
    },
    async fill(): Promise<void> {
      const last = batch.at(-1)?.logicalKey
      while (at >= batch.length && !isDone) {
        const next = await iterator.next()
        isDone = next.done === true
        batch = next.done === true ? [] : next.value
        at = 0
      }
      if (last !== undefined) checkOrder(last, batch[0]?.logicalKey)
    },
    async close(): Promise<void> {
      if (!isDone) await iterator.return?.()
    },
  }
}

function checkOrder(last: string, next: string | undefined): void {
  if (next === undefined || compareLogicalKeys(last, next) < 0) return
  throw new QuiltError(
    'invalid_input',
    `${JSON.stringify(next)} comes after ${JSON.stringify(last)}, which is not tree order`,
    { hint: 'Sort the entries with compareLogicalKeys, and give each key once.' },
  )
}
