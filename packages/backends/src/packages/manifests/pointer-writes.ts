// Moves and removes pointers (formats.md 1.4, 1.9). Nothing is locked: the store decides who was first, and who was not looks again.
import { latestTag, pointerKey, pointerSeconds, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { PackageRef, PushPlan } from '../port.js'
import { checkBase } from '../push-plan.js'
import { noRevision } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { newestFirst, type Pointer, pointerNames, readLatest, readPointers } from './pointers.js'

/** A stored manifest that is to become the latest revision of a package. */
export interface Publication {
  readonly plan: Pick<PushPlan, 'bucket' | 'name' | 'base'>
  readonly topHash: string
  /** `latest` as it was read when the base was checked. */
  readonly latest: Pointer | undefined
  /** Name of a pointer that holds the top hash already and is the newest, if there is one. */
  readonly pointer?: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const mostTries = 50

/** Writes the pointer of this second, or of the next free one, then `latest`.
 * @returns the name of the pointer
 * @throws {QuiltError} `conflict` when `latest` has moved away from the base; then no pointer remains */
export async function publish(
  store: RegistryStore,
  { plan, topHash, latest, pointer, now }: Publication,
  options: CallOptions = {},
): Promise<string> {
  const { signal } = options
  const key = (name: string) => pointerKey(plan.name, name)
  const made = pointer ?? (await pointAtFreeSecond(store, { plan, topHash, latest, now }, options))
  let seen = latest
  for (let tries = 1; ; tries += 1) {
    try {
      await store.write(key(latestTag), pointerBytes(topHash), { expected: seen?.etag ?? null, signal })
      return made
    } catch (error) {
      if (!isConflict(error)) throw error
      seen = await readLatest(store, plan.name, options)
      if (seen?.topHash === topHash) return made
      try {
        checkBase(plan, seen?.topHash)
        if (tries === mostTries) throw error
      } catch (conflict) {
        // Nobody has seen it as latest: a revision that was refused must not stay in the list, whether the caller still waits or not.
        if (pointer === undefined) await store.remove(key(made))
        throw conflict
      }
    }
  }
}

/** Pushes that follow each other faster than once a second run ahead of the clock: so soon after one, its pointer may lie in the future. */
const mayBeAheadMs = 60_000

/** Writes the pointer of this second, or of the first one behind all others: what becomes the latest is the newest, too. */
async function pointAtFreeSecond(
  store: RegistryStore,
  { plan, topHash, latest, now }: Omit<Publication, 'pointer'>,
  options: CallOptions,
): Promise<string> {
  const sinceMs = latest?.modified === undefined ? Number.POSITIVE_INFINITY : now() - Date.parse(latest.modified)
  for (let isTaken = sinceMs < mayBeAheadMs; ; isTaken = true) {
    const second = isTaken ? await secondBehind(store, plan.name, { now, options }) : Math.floor(now() / 1_000)
    try {
      const key = pointerKey(plan.name, String(second))
      await store.write(key, pointerBytes(topHash), { expected: null, signal: options.signal })
      return String(second)
    } catch (error) {
      if (!isConflict(error)) throw error
    }
  }
}

/** This second, or the one behind the newest pointer. One that is far ahead is of a wrong clock, and not followed. */
async function secondBehind(
  store: RegistryStore,
  name: string,
  { now, options }: { readonly now: Publication['now']; readonly options: CallOptions },
): Promise<number> {
  const second = Math.floor(now() / 1_000)
  const seconds = newestFirst(await pointerNames(store, name, options)).map(Number)
  let free = Math.max(second, 1 + (seconds.find((one) => one < second + mayBeAheadMs / 1_000) ?? 0))
  while (seconds.includes(free)) free += 1
  return free
}

/** 64 bytes and no line end: indexers take the whole body (formats.md 1.1). */
const pointerBytes = (topHash: string): Uint8Array => new TextEncoder().encode(topHash)

const isConflict = (error: unknown): boolean => error instanceof QuiltError && error.code === 'conflict'

/** The pointers of one package as they were read, for several removals one after the other. */
export interface PointerRemoval {
  /** Removes every pointer to a top hash; `latest` moves to the newest revision that remains.
   * @throws {QuiltError} `not_found` when no pointer holds it */
  remove(topHash: string, options: CallOptions): Promise<void>
}

/** Removes pointers of a package. They are read once, and again when somebody else has moved `latest` meanwhile. */
export function pointerRemoval(store: RegistryStore, ref: PackageRef): PointerRemoval {
  const { name } = ref
  let held: Map<string, string> | undefined
  /** The top hash whose pointers are being removed. */
  let begun: string | undefined

  const readHeld = async (options: CallOptions): Promise<Map<string, string>> => {
    const pointers = await pointerNames(store, name, options)
    const found = await readPointers(store, { name, pointers }, options)
    return new Map(found.map(({ pointer, topHash }) => [pointer, topHash]))
  }
  const attempt = async (pointers: Map<string, string>, topHash: string, options: CallOptions): Promise<void> => {
    const { signal } = options
    const gone = [...pointers].flatMap(([pointer, hash]) => (hash === topHash ? [pointer] : []))
    if (gone.length === 0 && begun === topHash) return
    if (gone.length === 0) throw noRevision(ref, topHash)
    const [newest] = newestFirst([...pointers.keys()].filter((pointer) => !gone.includes(pointer)))
    const successor = newest === undefined ? undefined : pointers.get(newest)
    const latest = gone.includes(latestTag) ? await readLatest(store, name, options) : undefined
    if (latest !== undefined && latest.topHash !== topHash) throw movedMeanwhile(ref)
    if (latest !== undefined && successor !== undefined) {
      const key = pointerKey(name, latestTag)
      await store.write(key, pointerBytes(successor), { expected: latest.etag, signal })
      pointers.set(latestTag, successor)
    }
    // Last, so that the package can be found until the end.
    for (const pointer of gone.toSorted((a, b) => order(a) - order(b))) {
      if (pointers.get(pointer) !== topHash) continue
      const expected = pointer === latestTag ? latest?.etag : undefined
      begun = topHash
      await store.remove(pointerKey(name, pointer), { signal, expected })
      pointers.delete(pointer)
    }
  }

  return {
    async remove(topHash, options) {
      for (let tries = 1; ; tries += 1) {
        held ??= await readHeld(options)
        try {
          return await attempt(held, topHash, options)
        } catch (error) {
          held = undefined
          if (!isConflict(error) || tries === mostTries) throw error
        }
      }
    },
  }
}

const order = (pointer: string): number => pointerSeconds(pointer) ?? Number.POSITIVE_INFINITY

function movedMeanwhile({ bucket, name }: PackageRef): QuiltError {
  return new QuiltError('conflict', `latest of ${name} in ${bucket} moves faster than it can be followed`, {
    hint: 'Look with package_revisions, then try again.',
    retryable: true,
    nextTools: ['package_revisions'],
  })
}
