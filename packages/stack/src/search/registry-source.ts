// A bucket of this stack as its search index reads it: straight from the store.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { manifestKey, namedPackagesPrefix, parsePointerKey } from '@quilt-mcp/core'
import type { ListedObject, ListedPointer, RegistrySource } from '@quilt-mcp/search-index'
import type { Pointers } from '../packages/pointers.js'
import { currentVersion, listAll } from '../packages/stored-text.js'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import { smallText } from './text-files.js'

export interface RegistrySourceDeps {
  readonly store: ObjectStore
  readonly pointers: Pick<Pointers, 'topHash'>
}

/** Pages of a bucket's keys, with a turn of the event loop after each: the store reads them in one go. */
async function* pages(
  store: ObjectStore,
  bucket: string,
  input: Parameters<typeof listAll>[2],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly StoredVersion[]> {
  for (const { versions } of listAll(store, bucket, input)) {
    signal?.throwIfAborted()
    yield versions
    await nextTurn()
  }
}

/** What an index of a bucket is made from. Asks nobody's permission: who searches it must be checked. */
export function registrySource({ store, pointers }: RegistrySourceDeps, bucket: string): RegistrySource {
  return {
    bucket,
    async *pointers({ signal }) {
      for await (const versions of pages(store, bucket, { prefix: namedPackagesPrefix }, signal))
        yield versions.flatMap(pointerOf)
    },
    topHash: (name, pointer) => pointers.topHash(bucket, name, pointer),
    async manifest(topHash) {
      const version = currentVersion(store, bucket, manifestKey(topHash))
      return version && store.read(version)
    },
    async *objects({ signal }) {
      for await (const versions of pages(store, bucket, {}, signal))
        yield versions.filter(({ key }) => !key.startsWith('.quilt/')).map(objectOf)
    },
    text: ({ key }) => smallText(store, bucket, key),
  }
}

function pointerOf({ key, versionId }: StoredVersion): ListedPointer[] {
  const parsed = parsePointerKey(key)
  return parsed === undefined ? [] : [{ ...parsed, stamp: versionId }]
}

const objectOf = ({ key, size, modified, versionId }: StoredVersion): ListedObject => ({
  key,
  size,
  modifiedMs: modified.getTime(),
  versionId,
  stamp: versionId,
})
