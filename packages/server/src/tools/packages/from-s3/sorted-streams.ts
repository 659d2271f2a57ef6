// Streams of records in tree order, put together by logical key. Batches are held, never all of it.
import { compareLogicalKeys } from '@quilt-mcp/core'

/** Anything that has its place in a package. */
export interface Keyed {
  readonly logicalKey: string
}

export type Batches<T> = AsyncIterable<readonly T[]>

/** What two streams have under one logical key. */
export interface Pair<Left, Right> {
  readonly left?: Left
  readonly right?: Right
}

const batchSize = 1_000

/** A stream and how far it was read. */
interface Walk<T> {
  readonly source: AsyncIterator<readonly T[]>
  batch: readonly T[]
  at: number
  isDone: boolean
}

const walkOf = <T>(batches: Batches<T>): Walk<T> => ({
  source: batches[Symbol.asyncIterator](),
  batch: [],
  at: 0,
  isDone: false,
})

/** Makes sure that the next record is at hand, if there is one. */
async function fill<T>(walk: Walk<T>): Promise<void> {
  while (walk.at >= walk.batch.length && !walk.isDone) {
    const next = await walk.source.next()
    walk.isDone = next.done === true
    walk.batch = next.done === true ? [] : next.value
    walk.at = 0
  }
}

const close = async <T>({ source, isDone }: Walk<T>): Promise<unknown> => (isDone ? undefined : source.return?.())

/** All records of streams that are each in tree order, in tree order. */
export async function* mergeSorted<T extends Keyed>(
  streams: readonly Batches<T>[],
): AsyncGenerator<readonly T[], void, undefined> {
  const walks = streams.map(walkOf)
  try {
    await Promise.all(walks.map(fill))
    // In the order of their next records: the first gives its own, and finds its new place.
    const waiting = walks.filter(({ isDone }) => !isDone).sort(byHead)
    let merged: T[] = []
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      const record = first.batch[first.at++]
      if (record !== undefined) merged.push(record)
      if (first.at >= first.batch.length) await fill(first)
      if (!first.isDone) insert(waiting, first)
      if (merged.length < batchSize) continue
      yield merged
      merged = []
    }
    if (merged.length > 0) yield merged
  } finally {
    await Promise.all(walks.map(close))
  }
}

const headOf = <T extends Keyed>({ batch, at }: Walk<T>): string => batch[at]?.logicalKey ?? ''
const byHead = <T extends Keyed>(a: Walk<T>, b: Walk<T>): number => compareLogicalKeys(headOf(a), headOf(b))

function insert<T extends Keyed>(waiting: Walk<T>[], walk: Walk<T>): void {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const other = waiting[middle]
    if (other !== undefined && byHead(other, walk) <= 0) low = middle + 1
    else high = middle
  }
  waiting.splice(low, 0, walk)
}

/** The records of two streams in tree order, side by side. Of several with one key in the second stream all but the first stand alone. */
export async function* joinSorted<Left extends Keyed, Right extends Keyed>(
  lefts: Batches<Left>,
  rights: Batches<Right>,
): AsyncGenerator<readonly Pair<Left, Right>[], void, undefined> {
  const [left, right] = [walkOf(lefts), walkOf(rights)]
  try {
    for (;;) {
      await Promise.all([fill(left), fill(right)])
      const pairs: Pair<Left, Right>[] = []
      while (pairs.length < batchSize && isReady(left) && isReady(right) && (hasNext(left) || hasNext(right)))
        pairs.push(nextPair(left, right))
      if (pairs.length === 0) return
      yield pairs
    }
  } finally {
    await Promise.all([close(left), close(right)])
  }
}

const hasNext = <T>({ batch, at }: Walk<T>): boolean => at < batch.length
const isReady = <T>(walk: Walk<T>): boolean => walk.isDone || hasNext(walk)

function nextPair<Left extends Keyed, Right extends Keyed>(left: Walk<Left>, right: Walk<Right>): Pair<Left, Right> {
  const [mine, theirs] = [left.batch[left.at], right.batch[right.at]]
  const order =
    mine === undefined ? 1 : theirs === undefined ? -1 : compareLogicalKeys(mine.logicalKey, theirs.logicalKey)
  if (order <= 0) left.at++
  if (order >= 0) right.at++
  return {
    ...(order <= 0 && mine !== undefined && { left: mine }),
    ...(order >= 0 && theirs !== undefined && { right: theirs }),
  }
}
