// A registry in memory: counts what is asked of it, and fails where it is told to.
import { compareCodePoints, QuiltError } from '@quilt-mcp/core'
import type { RegistryStore, StoredInfo } from '../packages/stores/registry-store.js'
import { bytesOf } from './collect.js'

/** The calls that a store takes. */
export type StoreCall = 'info' | 'read' | 'write' | 'list' | 'children' | 'remove'

export interface MemoryStore extends RegistryStore {
  /** Every call in order: `write .quilt/packages/...`. */
  readonly calls: string[]
  /** Bytes of all bodies that were read. */
  readonly bytesRead: () => number
  /** Texts by key. */
  texts(): Readonly<Record<string, string>>
  /** Puts a text there, unseen. */
  plant(key: string, text: string): void
  /** Called before each call is answered; what it throws is the answer. */
  before: ((call: StoreCall, key: string) => void | Promise<void>) | undefined
}

/** @param versioned whether bytes have a version; default true */
export function memoryStore(
  url = 's3://bkt',
  { versioned = true }: { readonly versioned?: boolean } = {},
): MemoryStore {
  const held = new Map<string, StoredInfo & { readonly bytes: Uint8Array }>()
  let writes = 0
  let bytesRead = 0
  const put = (key: string, bytes: Uint8Array): StoredInfo => {
    writes += 1
    const info = {
      size: bytes.length,
      etag: `e${writes}`,
      modified: new Date(1_600_000_000_000 + writes * 1_000).toISOString(),
      ...(versioned ? { versionId: `v${writes}` } : {}),
    }
    held.set(key, { ...info, bytes })
    return info
  }
  const asked = async (call: StoreCall, key: string): Promise<void> => {
    store.calls.push(`${call} ${key}`)
    await store.before?.(call, key)
  }
  const check = (key: string, expected: string | null | undefined): void => {
    if (expected === undefined || (held.get(key)?.etag ?? null) === expected) return
    throw new QuiltError('conflict', `${url}/${key} has changed`, { hint: 'Read it again.' })
  }
  const keysFrom = (prefix: string): readonly string[] =>
    [...held.keys()].filter((key) => key.startsWith(prefix)).sort(compareCodePoints)
  const chunk = async function* (bytes: Uint8Array) {
    bytesRead += bytes.length
    yield bytes
  }

  const store: MemoryStore = {
    url,
    calls: [],
    bytesRead: () => bytesRead,
    before: undefined,
    texts: () => Object.fromEntries([...held].map(([key, { bytes }]) => [key, new TextDecoder().decode(bytes)])),
    plant: (key, text) => void put(key, Buffer.from(text)),
    async info(key) {
      await asked('info', key)
      return held.get(key)
    },
    async read(key, { range, ifMatch } = {}) {
      await asked('read', key)
      const found = held.get(key)
      if (found === undefined) return undefined
      if (ifMatch !== undefined) check(key, ifMatch)
      const { bytes, ...info } = found
      const end = range?.last === undefined ? bytes.length : range.last + 1
      return { ...info, body: chunk(bytes.subarray(range?.first ?? 0, end)) }
    },
    async write(key, bytes, { expected } = {}) {
      await asked('write', key)
      check(key, expected)
      return put(key, bytes instanceof Uint8Array ? bytes : await bytesOf(bytes.body))
    },
    async *list(prefix) {
      await asked('list', prefix)
      const keys = keysFrom(prefix)
      for (let from = 0; from < keys.length; from += 1_000)
        yield keys
          .slice(from, from + 1_000)
          .map((key) => ({ key, size: held.get(key)?.size ?? 0, modified: held.get(key)?.modified ?? '' }))
    },
    async *children(prefix) {
      await asked('children', prefix)
      const names = keysFrom(prefix).map((key) => key.slice(prefix.length).replace(/\/.*/s, '/'))
      yield [...new Set(names)]
    },
    async remove(key, { expected } = {}) {
      await asked('remove', key)
      check(key, expected)
      held.delete(key)
    },
  }
  return store
}
