// The indexes of a backend: opened when a bucket is first searched, at most so many at a time, closed with it.
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistrySource } from '@quilt-mcp/search-index'
import { once } from '../../once.js'
import { type KeptIndex, type KeptIndexDeps, keptIndex } from './kept-index.js'

export interface KeptIndexesDeps extends Omit<KeptIndexDeps, 'index' | 'closing'> {
  /** Where indexes are kept. Absent: in a folder of its own, which goes when all is closed. */
  readonly folder: string | undefined
  /** Who looks: what one sees, another may not. */
  readonly who: () => Promise<string>
  readonly sourceOf: (bucket: string) => Promise<RegistrySource>
  /** Where the registry of a bucket is. */
  readonly urlOf: (bucket: string) => string
}

export interface KeptIndexes {
  /** Works with the indexes of buckets, in their order: each opened, or why it could not be. Those that are in use are not closed. */
  use<T>(buckets: readonly string[], work: (opened: readonly Opened[]) => Promise<T>): Promise<T>
  /** Something in the bucket was written. */
  changed(bucket: string): void
  /** Ends what is being indexed, and closes all. */
  close(): Promise<void>
}

/** What came of opening the index of a bucket. */
export type Opened =
  | { readonly bucket: string; readonly kept: KeptIndex }
  | { readonly bucket: string; readonly failure: unknown }

/** Indexes that stay open, unless more are in use. */
const mostOpen = 64

interface Held {
  readonly kept: Promise<KeptIndex>
  users: number
}

/** Opens nothing before it is used. SQLite is loaded by the first use. */
export function keptIndexes(deps: KeptIndexesDeps): KeptIndexes {
  const held = new Map<string, Held>()
  let closing = new AbortController()
  let own: Promise<string> | undefined
  const who = once(deps.who)

  const folder = async (): Promise<string> => {
    if (deps.folder !== undefined) return deps.folder
    own ??= mkdtemp(join(tmpdir(), 'quilt-mcp-search-'))
    return own
  }
  const open = async (bucket: string): Promise<KeptIndex> => {
    const { openBucketIndex } = await import('@quilt-mcp/search-index')
    const [place, looker, source] = await Promise.all([folder(), who(), deps.sourceOf(bucket)])
    const id = createHash('sha256')
      .update(JSON.stringify([deps.urlOf(bucket), looker]))
      .digest('hex')
      .slice(0, 32)
    const index = await openBucketIndex({ folder: place, id, source, now: deps.now })
    return keptIndex({ ...deps, index, closing: closing.signal })
  }
  const take = (bucket: string): Held => {
    const taken = held.get(bucket) ?? { kept: open(bucket), users: 0 }
    // What could not be opened is tried again by the next search.
    taken.kept.catch(() => held.get(bucket) === taken && held.delete(bucket))
    held.delete(bucket)
    held.set(bucket, taken)
    taken.users += 1
    return taken
  }
  const dropIdle = async (): Promise<void> => {
    for (const [bucket, { kept, users }] of held) {
      if (held.size <= mostOpen) break
      if (users > 0) continue
      held.delete(bucket)
      const { index, settled } = await kept
      await settled()
      index.close()
    }
  }

  return {
    async use(buckets, work) {
      const taken = buckets.map(take)
      try {
        return await work(await Promise.all(taken.map(({ kept }, at) => outcome(buckets[at] ?? '', kept))))
      } finally {
        for (const one of taken) one.users -= 1
        await dropIdle()
      }
    },
    changed(bucket) {
      held.get(bucket)?.kept.then(
        (kept) => kept.changed(),
        () => {}, // Whoever opened it has the error.
      )
    },
    async close() {
      closing.abort()
      closing = new AbortController()
      const all = [...held.values()]
      held.clear()
      for (const { kept } of all) {
        const opened = await Promise.allSettled([kept])
        for (const one of opened) {
          if (one.status === 'rejected') continue
          await one.value.settled()
          one.value.index.close()
        }
      }
      const folder = own
      own = undefined
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true })
    },
  }
}

async function outcome(bucket: string, kept: Promise<KeptIndex>): Promise<Opened> {
  try {
    return { bucket, kept: await kept }
  } catch (failure) {
    return { bucket, failure }
  }
}
