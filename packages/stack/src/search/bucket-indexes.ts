// The search indexes of a stack, one for each bucket: opened when they are first searched, brought up to date before each search.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { type BucketIndex, openBucketIndex } from '@quilt-mcp/search-index'
import { type RegistrySourceDeps, registrySource } from './registry-source.js'

/** What of a bucket a search looks at. */
export type Searched = 'packages' | 'objects'

export interface BucketIndexes {
  /** The index of a bucket, with all in it that was there when this was called; unless that takes too long: then with what it has so far,
   * and it goes on. */
  fresh(bucket: string, searched: Searched): Promise<BucketIndex>
  /** Ends what is being indexed, and closes all. */
  close(): Promise<void>
}

export interface BucketIndexesDeps extends RegistrySourceDeps {
  readonly dataDir: string
  /** Told of failures in the background. */
  readonly onDefect: (error: unknown) => void
  /** How long a search waits for what is new, milliseconds. */
  readonly patienceMs?: number
}

interface Kept {
  readonly index: Promise<BucketIndex>
  readonly refreshing: Readonly<Record<Searched, Refreshing>>
}

/** The indexes in a data folder. Nothing is opened before it is searched. */
export function bucketIndexes(deps: BucketIndexesDeps): BucketIndexes {
  const { store, dataDir, onDefect, patienceMs = 5_000 } = deps
  const kept = new Map<string, Kept>()
  const closing = new AbortController()
  const { signal } = closing

  const open = (bucket: string): Kept => {
    const folder = join(dataDir, 'search')
    const source = registrySource(deps, bucket)
    const index = openBucketIndex({ folder, id: fileName(bucket), source })
    return {
      index,
      refreshing: {
        packages: inTurn({
          changes: () => store.changes(bucket).registry,
          refresh: async () => (await index).refreshPackages({ signal }),
          isBuilt: async () => (await index).state().packagesAtMs !== undefined,
        }),
        objects: inTurn({
          changes: () => store.changes(bucket).objects,
          refresh: async () => (await index).refreshObjects({ signal }),
          isBuilt: async () => (await index).state().objectsAtMs !== undefined,
        }),
      },
    }
  }

  const opened = async (bucket: string): Promise<{ readonly index: BucketIndex; readonly kept: Kept }> => {
    const found = kept.get(bucket) ?? open(bucket)
    kept.set(bucket, found)
    try {
      return { index: await found.index, kept: found }
    } catch (error) {
      // What could not be opened is tried again by the next search.
      if (kept.get(bucket) === found) kept.delete(bucket)
      throw error
    }
  }

  return {
    async fresh(bucket, searched) {
      const { index, kept } = await opened(bucket)
      await atMost(patienceMs, kept.refreshing[searched].catchUp(), (error) => signal.aborted || onDefect(error))
      return index
    },
    async close() {
      closing.abort()
      for (const { index, refreshing } of kept.values()) {
        await Promise.allSettled([refreshing.packages.settled(), refreshing.objects.settled()])
        const [opened] = await Promise.allSettled([index])
        if (opened.status === 'fulfilled') opened.value.close()
      }
      kept.clear()
    },
  }
}

/** Names of buckets may have dots. */
const fileName = (bucket: string): string => createHash('sha256').update(bucket).digest('hex').slice(0, 32)

interface Refreshing {
  /** When all is in that had changed before this was called. */
  catchUp(): Promise<void>
  /** When nothing is under way. */
  settled(): Promise<void>
}

interface RefreshingDeps {
  /** A number that grows with every change. */
  readonly changes: () => number
  readonly refresh: () => Promise<unknown>
  /** False once the file of the index was thrown away. */
  readonly isBuilt: () => Promise<boolean>
}

/** Refreshes when something has changed since the last time: one at a time, and once for all who wait. */
function inTurn({ changes, refresh, isBuilt }: RefreshingDeps): Refreshing {
  let done = -1 // what happened before this process is not known
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    const seen = changes()
    await refresh()
    done = seen
  }
  return {
    async catchUp() {
      const wanted = changes()
      if (done >= wanted && !(await isBuilt())) done = -1
      while (done < wanted) {
        running ??= run().finally(() => {
          running = undefined
        })
        await running
      }
    },
    settled: async () => running,
  }
}

/** Waits for work, but not for ever. @param late told when the work fails after that */
async function atMost(ms: number, work: Promise<void>, late: (error: unknown) => void): Promise<void> {
  const timer = new AbortController()
  let isLate = false
  const watched = work.catch((error: unknown) => {
    if (!isLate) throw error
    late(error)
  })
  const timeout = after(ms, undefined, { signal: timer.signal, ref: false }).then(
    () => {
      isLate = true
    },
    () => {}, // the work was done in time
  )
  try {
    await Promise.race([watched, timeout])
  } finally {
    timer.abort()
  }
}
