// The packages of a registry, from the keys of their pointers (formats.md 1.8).
import { compareCodePoints, isPackageName, namedPackagesPrefix, parsePointerKey, pointerSeconds } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { newestFirst, pointerNames, timeOf } from './pointers.js'

/** The packages of a registry as they were found. */
export interface FoundPackages {
  /** By code point. */
  readonly names: readonly string[]
  /** When the newest revision of a package was made, ISO-8601. Undefined when it has none but a tag. */
  modified(name: string): Promise<string | undefined>
}

/** Batches of keys, of a thousand each, that are read before folders are asked for instead. */
const mostBatches = 5
const foldersAtOnce = 16

/** Finds all packages. A registry of few revisions tells them in one list; of a large one the folders are listed, and times are
 * looked up one by one when they are asked for. */
export async function findPackages(store: RegistryStore, options: CallOptions = {}): Promise<FoundPackages> {
  const known = await fromAllKeys(store, options)
  if (known !== undefined) {
    const names = [...known.keys()].sort(compareCodePoints)
    return { names, modified: async (name) => timeOf(String(known.get(name))) }
  }
  const names = (await fromFolders(store, options)).toSorted(compareCodePoints)
  return {
    names,
    async modified(name) {
      const [newest] = newestFirst(await pointerNames(store, name, options))
      return newest === undefined ? undefined : timeOf(newest)
    },
  }
}

/** Seconds of the newest revision by name, 0 when there is none; undefined when there are too many keys. */
async function fromAllKeys(
  store: RegistryStore,
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, number> | undefined> {
  const newest = new Map<string, number>()
  let batches = 0
  for await (const batch of store.list(namedPackagesPrefix, { signal })) {
    batches += 1
    if (batches > mostBatches) return undefined
    for (const { key } of batch) {
      const found = parsePointerKey(key)
      if (found === undefined) continue
      const seconds = pointerSeconds(found.pointer) ?? 0
      newest.set(found.name, Math.max(seconds, newest.get(found.name) ?? 0))
    }
  }
  return newest
}

async function fromFolders(store: RegistryStore, { signal }: CallOptions): Promise<readonly string[]> {
  const folders = async (prefix: string): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const names of store.children(prefix, { signal }))
      for (const name of names) if (name.endsWith('/')) found.push(`${prefix}${name}`)
    return found
  }
  const packages = await pLimit(foldersAtOnce).map(await folders(namedPackagesPrefix), (namespace) =>
    folders(namespace),
  )
  return packages
    .flat()
    .map((folder) => folder.slice(namedPackagesPrefix.length, -1))
    .filter(isPackageName)
}
