// A registry as its search index reads it: with the rights of the caller, through the same store as packages.
import { manifestKey, namedPackagesPrefix, parsePointerKey } from '@quilt-mcp/core'
import type { ListedObject, ListedPointer, RegistrySource } from '@quilt-mcp/search-index'
import type { ObjectListItem, Objects } from '../../objects/port.js'
import { readPointers } from '../../packages/manifests/pointers.js'
import { storedText } from '../../packages/manifests/stored-text.js'
import type { ListedKey, RegistryStore } from '../../packages/stores/registry-store.js'

export interface RegistrySourceDeps {
  readonly bucket: string
  /** Of the registry: pointers and manifests. */
  readonly store: RegistryStore
  readonly objects: Pick<Objects, 'keys' | 'read'>
  /** Whether the text of small text files is read. @param key @param size bytes */
  readonly isText: (key: string, size: number) => boolean
}

/** What an index of the bucket is made from. Nothing is asked before it is read. */
export function registrySource({ bucket, store, objects, isText }: RegistrySourceDeps): RegistrySource {
  return {
    bucket,
    async *pointers({ signal }) {
      for await (const batch of store.list(namedPackagesPrefix, { signal })) yield batch.flatMap(pointerOf)
    },
    async topHash(name, pointer, { signal }) {
      const [found] = await readPointers(store, { name, pointers: [pointer] }, { signal })
      return found?.topHash
    },
    manifest: async (topHash, { signal }) => (await store.read(manifestKey(topHash), { signal }))?.body,
    async *objects({ signal }) {
      for await (const batch of objects.keys(bucket, { signal })) yield batch.filter(isData).map(objectOf)
    },
    async text({ key, size }, { signal }) {
      if (!isText(key, size)) return undefined
      const text = await storedText(await objects.read({ bucket, key }, { signal }), size)
      return text.includes('\0') ? undefined : text // what has NUL in it is called text only
    },
  }
}

const isData = ({ key }: ObjectListItem): boolean => !key.startsWith('.quilt/')

function pointerOf({ key, ...facts }: ListedKey): ListedPointer[] {
  const parsed = parsePointerKey(key)
  return parsed === undefined ? [] : [{ ...parsed, stamp: stampOf(facts) }]
}

const objectOf = ({ key, ...facts }: ObjectListItem): ListedObject => ({
  key,
  size: facts.size,
  modifiedMs: Date.parse(facts.modified),
  stamp: stampOf(facts),
})

const stampOf = ({ etag, modified, size }: Omit<ObjectListItem, 'key'>): string => `${etag ?? ''} ${modified} ${size}`
