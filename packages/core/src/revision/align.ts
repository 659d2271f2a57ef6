// Walks several revisions side by side, key by key. What diff and merge are built on.
import { QuiltError } from '../errors.js'
import type { Entry } from '../manifest/entry.js'
import { compareLogicalKeys } from '../manifest/order.js'

/** The entries of one revision in tree order, in batches of any length. */
export type EntryBatches = AsyncIterable<readonly Entry[]>

/** What each revision has under one logical key, in the order of the sources; at least one has it. */
export type AlignedEntries<Item extends Keyed = Entry> = readonly (Item | undefined)[]

/** What has a place in a revision: an entry, or what shall become one. */
export type Keyed = Pick<Entry, 'logicalKey'>

/**
 * The entries of all sources, aligned by logical key, in tree order. Holds one batch of each source.
 *
 * Leaving the loop, or an error of one source, closes all of them.
 * @throws {QuiltError} `invalid_input` where a source is not in tree order or repeats a key, and another source has not
 *   the same entries in the same order
 */
export async function* alignEntries<Item extends Keyed = Entry>(
  sources: readonly AsyncIterable<readonly Item[]>[],
): AsyncGenerator<readonly AlignedEntries<Item>[]> {
  const walks = sources.map(
    (source): Walk<Item> => ({ iterator: source[Symbol.asyncIterator](), ...atEnd, isDone: false }),
  )
  let last: string | undefined
  try {
    for (;;) {
      for (const each of walks) await fill(each)
      const rows: AlignedEntries<Item>[] = []
      last = align(walks, last, rows)
      if (rows.length === 0) return
      yield rows
    }
  } finally {
    await Promise.all(walks.map(close))
  }
}

/** Where a source has come to. */
interface Walk<Item> {
  readonly iterator: AsyncIterator<readonly Item[]>
  batch: readonly Item[]
  at: number
  isDone: boolean
}

const atEnd = { batch: [], at: 0 }

async function fill<Item>(walk: Walk<Item>): Promise<void> {
  while (walk.at >= walk.batch.length && !walk.isDone) {
    const next = await walk.iterator.next()
    if (next.done === true) Object.assign(walk, atEnd, { isDone: true })
    else Object.assign(walk, atEnd, { batch: next.value })
  }
}

async function close<Item>({ iterator, isDone }: Walk<Item>): Promise<void> {
  if (!isDone) await iterator.return?.()
}

/** Adds rows until a source that has more to come needs its next batch. Returns the key of the last row. */
function align<Item extends Keyed>(
  walks: readonly Walk<Item>[],
  last: string | undefined,
  rows: AlignedEntries<Item>[],
): string | undefined {
  for (let previous = last; ; ) {
    let least: string | undefined
    let isShared = true
    for (const walk of walks) {
      const key = walk.batch[walk.at]?.logicalKey
      if (key === undefined && !walk.isDone) return previous
      if (key === least) continue
      isShared &&= least === undefined && walk === walks[0]
      if (key !== undefined && (least === undefined || compareLogicalKeys(key, least) < 0)) least = key
    }
    if (least === undefined) return previous
    // Where all sources have the same key, order does not decide: the common case is not compared.
    if (!isShared && previous !== undefined) checkOrder(previous, least)
    const logicalKey = least
    rows.push(walks.map((walk) => (walk.batch[walk.at]?.logicalKey === logicalKey ? walk.batch[walk.at++] : undefined)))
    previous = least
  }
}

function checkOrder(last: string, next: string): void {
  if (compareLogicalKeys(last, next) >= 0) throw notInOrder(last, next)
}

/** The error for entries that cannot be aligned. */
export function notInOrder(last: string, next: string): QuiltError {
  return new QuiltError(
    'invalid_input',
    `${JSON.stringify(next)} comes after ${JSON.stringify(last)}, which is not tree order`,
    { hint: 'Sort the entries with compareLogicalKeys, and give each key once.' },
  )
}
