// Names and revisions of packages, read from their pointers (formats.md 1.1, 1.7, 1.8).
import {
  isPackageName,
  isTopHash,
  latestTag,
  namedPackagesPrefix,
  parsePointerKey,
  pointerKey,
  pointerPrefix,
  pointerSeconds,
} from '@quilt-mcp/core'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import { currentVersion, listAll, storedText } from './stored-text.js'

/** One revision of a package. */
export interface Revision {
  readonly bucket: string
  readonly name: string
  readonly topHash: string
  /** When it was pushed: the time its newest pointer is named with. */
  readonly modified: Date
}

export interface Pointers {
  /** Names of the packages of a bucket, by code point. Empty when there is no such bucket. */
  names(bucket: string): readonly string[]
  /** When the newest revision was pushed. Undefined when there is no such package. */
  modified(bucket: string, name: string): Date | undefined
  /** Names of all pointers of a package. */
  pointerNames(bucket: string, name: string): readonly string[]
  /** Seconds of the revision pointers, the newest first. */
  seconds(bucket: string, name: string): readonly number[]
  /** The revision that a time points to. Undefined when the pointer holds no top hash. */
  at(bucket: string, name: string, second: number): Promise<Revision | undefined>
  /** What a pointer holds. Undefined when there is none, or it holds no top hash. */
  topHash(bucket: string, name: string, pointer: string): Promise<string | undefined>
  /** The revision by pointer name, top hash, or at least 6 digits of one that no other revision of the package begins with. */
  resolve(bucket: string, name: string, hashOrTag: string): Promise<Revision | undefined>
}

const hashPrefix = /^[0-9a-f]{6,63}$/
const mostPointerBytes = 200
const mostKeptPointers = 10_000

export function readPointers(store: ObjectStore): Pointers {
  const read = keptHashes(async (version) => {
    const text = (await storedText(store, version, mostPointerBytes)).trim()
    return isTopHash(text) ? text : undefined
  })
  const topHash: Pointers['topHash'] = async (bucket, name, pointer) => {
    const version = currentVersion(store, bucket, pointerKey(name, pointer))
    return version && read(version)
  }

  const pointerNames: Pointers['pointerNames'] = (bucket, name) => {
    if (!store.hasBucket(bucket) || !isPackageName(name)) return []
    return [...listAll(store, bucket, { prefix: pointerPrefix(name) })].flatMap(({ versions }) =>
      versions.flatMap(({ key }) => parsePointerKey(key)?.pointer ?? []),
    )
  }

  const seconds: Pointers['seconds'] = (bucket, name) =>
    pointerNames(bucket, name)
      .flatMap((pointer) => pointerSeconds(pointer) ?? [])
      .sort((a, b) => b - a)

  /** The newest revision that one of the pointers says, of those whose hash is wanted. */
  const find = async (
    bucket: string,
    name: string,
    wanted: (hash: string) => boolean,
  ): Promise<Revision | undefined> => {
    for (const second of seconds(bucket, name)) {
      const found = await topHash(bucket, name, String(second))
      if (found !== undefined && wanted(found)) return revisionAt(bucket, name, found, second)
    }
    const latest = await topHash(bucket, name, latestTag)
    const version = store.head(bucket, pointerKey(name, latestTag))
    if (latest === undefined || version === undefined || !wanted(latest)) return undefined
    return { bucket, name, topHash: latest, modified: version.modified }
  }

  const byPrefix = async (bucket: string, name: string, prefix: string): Promise<Revision | undefined> => {
    const found = await find(bucket, name, (hash) => hash.startsWith(prefix))
    if (found === undefined) return undefined
    const other = await find(bucket, name, (hash) => hash.startsWith(prefix) && hash !== found.topHash)
    return other === undefined ? found : undefined
  }

  return {
    names(bucket) {
      if (!store.hasBucket(bucket)) return []
      const children = (prefix: string): readonly string[] =>
        [...listAll(store, bucket, { prefix, delimiter: '/' })].flatMap(({ commonPrefixes }) => commonPrefixes)
      return children(namedPackagesPrefix)
        .flatMap(children)
        .map((prefix) => prefix.slice(namedPackagesPrefix.length, -1))
        .filter(isPackageName)
    },
    modified(bucket, name) {
      const [newest] = seconds(bucket, name)
      if (newest !== undefined) return new Date(newest * 1_000)
      const [pointer] = pointerNames(bucket, name)
      return pointer === undefined ? undefined : currentVersion(store, bucket, pointerKey(name, pointer))?.modified
    },
    pointerNames,
    seconds,
    async at(bucket, name, second) {
      const found = await topHash(bucket, name, String(second))
      return found === undefined ? undefined : revisionAt(bucket, name, found, second)
    },
    topHash,
    async resolve(bucket, name, hashOrTag) {
      if (!store.hasBucket(bucket) || !isPackageName(name) || hashOrTag.includes('/')) return undefined
      if (isTopHash(hashOrTag)) return find(bucket, name, (hash) => hash === hashOrTag)
      const tagged = await topHash(bucket, name, hashOrTag)
      const second = pointerSeconds(hashOrTag)
      if (tagged !== undefined && second !== undefined) return revisionAt(bucket, name, tagged, second)
      if (tagged !== undefined) return find(bucket, name, (hash) => hash === tagged)
      return hashPrefix.test(hashOrTag) ? byPrefix(bucket, name, hashOrTag) : undefined
    },
  }
}

/** Keeps what pointers were found to hold, the last read ones: a version of an object never changes. */
function keptHashes(
  read: (version: StoredVersion) => Promise<string | undefined>,
): (version: StoredVersion) => Promise<string | undefined> {
  const kept = new Map<string, string>()
  return async (version) => {
    const id = `${version.bucket}/${version.key}/${version.versionId}`
    const hash = kept.get(id) ?? (await read(version))
    if (hash === undefined) return undefined
    kept.delete(id)
    kept.set(id, hash)
    for (const [oldest] of kept) {
      if (kept.size <= mostKeptPointers) break
      kept.delete(oldest)
    }
    return hash
  }
}

const revisionAt = (bucket: string, name: string, topHash: string, second: number): Revision => ({
  bucket,
  name,
  topHash,
  modified: new Date(second * 1_000),
})
