// Pointers of packages, as they lie in a registry: who is named, when, and by which top hash (formats.md 1.1).
import { isTopHash, latestTag, parsePointerKey, pointerKey, pointerPrefix, pointerSeconds } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import type { RegistryStore, StoredInfo } from '../stores/registry-store.js'
import { storedText } from './stored-text.js'

/** The content of one pointer. */
export interface Pointer extends Pick<StoredInfo, 'etag' | 'modified'> {
  /** Undefined when it holds none. */
  readonly topHash: string | undefined
}

/** A pointer that holds a top hash. */
export interface NamedPointer {
  /** Unix time in seconds, or a tag. */
  readonly pointer: string
  readonly topHash: string
}

/** Bytes of a pointer that are looked at: a top hash, and the white space that other programs leave. */
const mostPointerBytes = 200
const readsAtOnce = 16

/** One pointer. Undefined when there is none. */
async function readPointer(
  store: RegistryStore,
  { name, pointer }: { readonly name: string; readonly pointer: string },
  options: CallOptions = {},
): Promise<Pointer | undefined> {
  const found = await store.read(pointerKey(name, pointer), { signal: options.signal })
  if (found === undefined) return undefined
  const text = (await storedText(found, mostPointerBytes)).trim()
  return { topHash: isTopHash(text) ? text : undefined, etag: found.etag, modified: found.modified }
}

/** What `latest` of a package holds. Undefined when there is no such package. */
export function readLatest(store: RegistryStore, name: string, options?: CallOptions): Promise<Pointer | undefined> {
  return readPointer(store, { name, pointer: latestTag }, options)
}

/** The names of all pointers of a package, tags too; none when there is no such package. */
export async function pointerNames(
  store: RegistryStore,
  name: string,
  { signal }: CallOptions = {},
): Promise<readonly string[]> {
  const names: string[] = []
  for await (const batch of store.list(pointerPrefix(name), { signal }))
    for (const { key } of batch) {
      const pointer = parsePointerKey(key)?.pointer
      if (pointer !== undefined) names.push(pointer)
    }
  return names
}

/** The pointers of revisions among those names, the newest first. */
export function newestFirst(names: readonly string[]): readonly string[] {
  return names
    .flatMap((pointer) => {
      const seconds = pointerSeconds(pointer)
      return seconds === undefined ? [] : [{ pointer, seconds }]
    })
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ pointer }) => pointer)
}

/** What these pointers hold, in their order; those that hold no top hash, or are gone by now, are left out. */
export async function readPointers(
  store: RegistryStore,
  { name, pointers }: { readonly name: string; readonly pointers: readonly string[] },
  options: CallOptions = {},
): Promise<readonly NamedPointer[]> {
  const found = await pLimit(readsAtOnce).map(pointers, async (pointer) => ({
    pointer,
    topHash: (await readPointer(store, { name, pointer }, options))?.topHash,
  }))
  return found.flatMap(({ pointer, topHash }) => (topHash === undefined ? [] : [{ pointer, topHash }]))
}

/** The newest of these pointers that holds a top hash: read one after the other at first, then many at a time.
 * @param newest names of pointers, the newest first */
export async function newestPointerTo(
  store: RegistryStore,
  { name, newest, topHash }: { readonly name: string; readonly newest: readonly string[]; readonly topHash: string },
  options: CallOptions = {},
): Promise<string | undefined> {
  for (let from = 0, count = 1; from < newest.length; from += count, count = readsAtOnce) {
    const read = await readPointers(store, { name, pointers: newest.slice(from, from + count) }, options)
    const found = read.find((one) => one.topHash === topHash)
    if (found !== undefined) return found.pointer
  }
  return undefined
}

/** The time that a pointer is named with, ISO-8601. Undefined for a tag. */
export function timeOf(pointer: string): string | undefined {
  const seconds = pointerSeconds(pointer)
  return seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString()
}
