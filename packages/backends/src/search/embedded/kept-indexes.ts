// The indexes of a backend: opened when a bucket is first searched, at most so many at a time, closed with it.
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BucketIndex, RegistrySource } from '@quilt-mcp/search-index'
import { once } from '../../once.js'
import { type KeptIndex, type KeptIndexDeps, keptIndex } from './kept-index.js'
import { type OwnLists, ownLists } from './own-lists.js'

export interface KeptIndexesDeps extends Omit<KeptIndexDeps, 'index' | 'lists' | 'closing'> {
  /** Where indexes are kept. Absent: in a folder of its own, which goes when all is closed. */
  readonly folder: string | undefined
  /** Who looks: what one sees, another may not. */
  readonly who: () => Promise<string>
  readonly sourceOf: (bucket: string) => Promise<RegistrySource>
  /** Where the registry of a bucket is. */
  readonly urlOf: (bucket: string) => string
  /** Indexes that stay open, unless more are in use or being built. Default 64. */
  readonly mostOpen?: number | undefined
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

interface Held {
  readonly opened: Promise<Opened>
  /** Absent: it is being opened. */
  kept?: KeptIndex
  users: number
}

/** Opens nothing before it is used. SQLite is loaded by the first use. */
export function keptIndexes({ mostOpen = 64, ...deps }: KeptIndexesDeps): KeptIndexes {
  const held = new Map<string, Held>()
  let life = newLife()
  const who = once(deps.who)

  const listsOf = async (bucket: string, { lists }: Life): Promise<OwnLists> => {
    const known = lists.get(bucket) ?? ownLists(await deps.sourceOf(bucket))
    lists.set(bucket, known)
    return known
  }
  const open = async (bucket: string): Promise<KeptIndex> => {
    const mine = life
    const { openBucketIndex } = await import('@quilt-mcp/search-index')
    const [folder, looker, lists] = await Promise.all([
      deps.folder ?? mine.temporary.path(),
      who(),
      listsOf(bucket, mine),
    ])
    const id = createHash('sha256')
      .update(JSON.stringify([deps.urlOf(bucket), looker]))
      .digest('hex')
      .slice(0, 32)
    const source = lists.watched(() => index.state())
    const index: BucketIndex = await openBucketIndex({ folder, id, source, now: deps.now })
    return keptIndex({ ...deps, index, lists, closing: mine.closing.signal })
  }
  const hold = (bucket: string): Held => {
    const one: Held = { users: 0, opened: outcome() }
    return one

    async function outcome(): Promise<Opened> {
      try {
        const kept = await open(bucket)
        one.kept = kept
        return { bucket, kept }
      } catch (failure) {
        // It is tried again by the next search.
        if (held.get(bucket) === one) held.delete(bucket)
        return { bucket, failure }
      }
    }
  }
  const take = (bucket: string): Held => {
    const taken = held.get(bucket) ?? hold(bucket)
    // The last in the map is the one that was used last.
    held.delete(bucket)
    held.set(bucket, taken)
    taken.users += 1
    return taken
  }
  const dropIdle = (): void => {
    for (const [bucket, { kept, users }] of held) {
      if (held.size <= mostOpen) return
      if (users > 0 || kept === undefined || !kept.isSettled()) continue
      held.delete(bucket)
      kept.index.close()
    }
  }

  return {
    async use(buckets, work) {
      const taken = buckets.map(take)
      try {
        return await work(await Promise.all(taken.map(({ opened }) => opened)))
      } finally {
        for (const one of taken) one.users -= 1
        dropIdle()
      }
    },
    changed(bucket) {
      const changed = held.get(bucket)
      void changed?.opened.then(() => changed.kept?.changed())
    },
    async close() {
      const ended = life
      const all = [...held.values()]
      life = newLife()
      held.clear()
      ended.closing.abort()
      for (const one of all) {
        const opened = await one.opened
        if (!('kept' in opened)) continue
        await opened.kept.settled()
        opened.kept.index.close()
      }
      await ended.temporary.remove()
    },
  }
}

/** What lasts until all is closed. */
interface Life {
  readonly closing: AbortController
  readonly lists: Map<string, OwnLists>
  readonly temporary: TemporaryFolder
}

const newLife = (): Life => ({ closing: new AbortController(), lists: new Map(), temporary: temporaryFolder() })

interface TemporaryFolder {
  path(): Promise<string>
  remove(): Promise<void>
}

/** Made when it is first asked for. */
function temporaryFolder(): TemporaryFolder {
  let isMade = false
  const path = once(async () => {
    const made = await mkdtemp(join(tmpdir(), 'quilt-mcp-search-'))
    isMade = true
    return made
  })
  return {
    path: () => path(),
    async remove() {
      if (isMade) await rm(await path(), { recursive: true, force: true })
    },
  }
}
