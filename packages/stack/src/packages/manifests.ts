// The manifests of a registry: read as streams, the small ones kept.
import {
  createTopHash,
  type DirectoryMeta,
  type Entry,
  type ManifestBatch,
  type ManifestHeader,
  manifestKey,
  openManifest,
  writeManifest,
} from '@quilt-mcp/core'
import type { ObjectStore, StoredVersion } from '../store/object-store.js'
import { currentVersion } from './stored-text.js'

/** A manifest that was read once, to its end. */
export interface Manifest {
  readonly header: ManifestHeader
  readonly totalEntries: number
  /** Sum of the sizes of the entries. */
  readonly totalBytes: number
  /** All lines, as often as wanted. Read anew from the store when the manifest is large. */
  batches(): AsyncIterable<ManifestBatch> | Iterable<ManifestBatch>
}

/** What a new manifest holds. */
interface ManifestDraft {
  readonly header: ManifestHeader
  readonly directories?: readonly DirectoryMeta[]
  /** In tree order. */
  readonly entries: readonly Entry[]
}

export interface Manifests {
  /** Undefined when the bucket has no such manifest. @throws {QuiltError} `upstream` when it is damaged */
  read(bucket: string, topHash: string): Promise<Manifest | undefined>
  /** @returns its top hash */
  write(bucket: string, draft: ManifestDraft): Promise<string>
}

/** Entries of a manifest up to which its lines are kept in memory, and of all that are kept. */
const mostKeptEntries = 20_000
const mostKeptEntriesInAll = 100_000
/** What a manifest counts for even without lines. */
const weightOfHeader = 50

export function openManifests(store: ObjectStore): Manifests {
  const kept = recentlyUsed(mostKeptEntriesInAll)
  return {
    read(bucket, topHash) {
      const version = currentVersion(store, bucket, manifestKey(topHash))
      if (version === undefined) return Promise.resolve(undefined)
      // By version: whoever may write may replace a manifest under the same name.
      return kept(`${bucket}/${topHash}/${version.versionId}`, () => load(store, version))
    },
    async write(bucket, draft) {
      const topHash = createTopHash(draft.header)
      for (const entry of draft.entries) topHash.update(entry)
      const digest = topHash.digest()
      const body = writeManifest({
        header: draft.header,
        directories: draft.directories ?? [],
        entries: batchesOf(draft.entries),
      })
      await store.put({ bucket, key: manifestKey(digest), body })
      return digest
    },
  }
}

async function load(store: ObjectStore, version: StoredVersion): Promise<Manifest> {
  const { header, lines } = await openManifest(store.read(version))
  let totalEntries = 0
  let totalBytes = 0
  const small: ManifestBatch[] = []
  for await (const batch of lines) {
    totalEntries += batch.entries.length
    for (const { size } of batch.entries) totalBytes += size
    if (totalEntries <= mostKeptEntries) small.push(batch)
    else small.length = 0
  }
  const batches = async function* (): AsyncIterable<ManifestBatch> {
    yield* (await openManifest(store.read(version))).lines
  }
  return { header, totalEntries, totalBytes, batches: totalEntries <= mostKeptEntries ? () => small : batches }
}

function* batchesOf(entries: readonly Entry[]): Generator<readonly Entry[]> {
  for (let from = 0; from < entries.length; from += 1_000) yield entries.slice(from, from + 1_000)
}

/** Keeps what was used last, up to a weight in entries. Calls under way for the same key are one. */
function recentlyUsed(mostWeight: number): (key: string, load: () => Promise<Manifest>) => Promise<Manifest> {
  const items = new Map<string, { readonly manifest: Promise<Manifest>; weight: number }>()
  let weight = 0
  const drop = (key: string): void => {
    weight -= items.get(key)?.weight ?? 0
    items.delete(key)
  }
  return async (key, load) => {
    const found = items.get(key)
    if (found !== undefined) {
      items.delete(key)
      items.set(key, found)
      return found.manifest
    }
    const item = { manifest: load(), weight: 0 }
    items.set(key, item)
    try {
      const { totalEntries } = await item.manifest
      if (items.get(key) === item) {
        item.weight = weightOfHeader + (totalEntries <= mostKeptEntries ? totalEntries : 0)
        weight += item.weight
      }
      for (const [oldest] of items) {
        if (weight <= mostWeight) break
        if (oldest !== key) drop(oldest)
      }
    } catch (error) {
      if (items.get(key) === item) items.delete(key)
      throw error
    }
    return item.manifest
  }
}
