// Moves and removes pointers (formats.md 1.4, 1.9). One writer at a time for each package, so that `latest` is the newest.
import { latestTag, pointerKey, pointerSeconds } from '@quilt-mcp/core'
import { type ObjectStore, StoreError } from '../store/object-store.js'
import { OperationRefused } from './failures.js'
import type { Pointers } from './pointers.js'

export interface PointerWrites {
  /** Makes a stored manifest the latest revision of a package: the pointer of this second (or the next free one), then `latest`. */
  publish(bucket: string, name: string, topHash: string): Promise<void>
  /** Removes every pointer to a top hash; `latest` moves to the newest revision that remains.
   * @throws {OperationRefused} when no pointer of the package holds it */
  remove(bucket: string, name: string, topHash: string): Promise<void>
}

export function writePointers({
  store,
  pointers,
  now,
}: {
  readonly store: ObjectStore
  readonly pointers: Pointers
  readonly now: () => Date
}): PointerWrites {
  const inTurn = queuePerKey()
  // 64 bytes, no newline: indexers take the whole body (formats.md 1.1).
  const point = async (
    bucket: string,
    name: string,
    pointer: string,
    topHash: string,
    free: boolean,
  ): Promise<void> => {
    const body = new TextEncoder().encode(topHash)
    await store.put({ bucket, key: pointerKey(name, pointer), body, ...(free && { ifNoneMatch: '*' }) })
  }

  return {
    publish: (bucket, name, topHash) =>
      inTurn(`${bucket}/${name}`, async () => {
        let second = Math.floor(now().getTime() / 1_000)
        while (!(await succeedsUnlessTaken(point(bucket, name, String(second), topHash, true)))) second += 1
        await point(bucket, name, latestTag, topHash, false)
      }),

    remove: (bucket, name, topHash) =>
      inTurn(`${bucket}/${name}`, async () => {
        const removed: string[] = []
        const kept: { readonly second: number; readonly topHash: string }[] = []
        for (const pointer of pointers.pointerNames(bucket, name)) {
          const found = await pointers.topHash(bucket, name, pointer)
          const second = pointerSeconds(pointer)
          if (found === topHash) removed.push(pointer)
          else if (found !== undefined && second !== undefined) kept.push({ second, topHash: found })
        }
        if (removed.length === 0)
          throw new OperationRefused('QuiltException', `${name} in ${bucket} has no revision ${topHash}.`)
        const newest = kept.sort((a, b) => b.second - a.second)[0]
        if (removed.includes(latestTag) && newest !== undefined)
          await point(bucket, name, latestTag, newest.topHash, false)
        for (const pointer of removed)
          if (pointer !== latestTag || newest === undefined) store.remove(bucket, pointerKey(name, pointer))
      }),
  }
}

/** Whether a conditional put went through; false when its key was taken. */
async function succeedsUnlessTaken(put: Promise<void>): Promise<boolean> {
  try {
    await put
    return true
  } catch (error) {
    if (error instanceof StoreError && error.code === 'PreconditionFailed') return false
    throw error
  }
}

/** Runs the work of one key in the order it came; work of different keys side by side. */
function queuePerKey(): (key: string, work: () => Promise<void>) => Promise<void> {
  const tails = new Map<string, Promise<void>>()
  return async (key, work) => {
    const before = tails.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    tails.set(key, mine)
    try {
      await mine
    } finally {
      if (tails.get(key) === mine) tails.delete(key)
    }
  }
}
