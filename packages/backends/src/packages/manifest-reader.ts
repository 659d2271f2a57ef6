// Reads one revision from its manifest: a short one is held, a long one looked into by its index.
import {
  checkLogicalKey,
  compareLogicalKeys,
  type DirectoryMeta,
  type Entry,
  manifestKey,
  openManifest,
} from '@quilt-mcp/core'
import type { CallOptions, PackageReader, Revision } from '../backend.js'
import type { EntryObjects } from '../objects/entry-facts.js'
import { checkedDirectory, missingPath } from './directory.js'
import { heldManifest } from './held-manifest.js'
import type { IndexCache } from './index-cache.js'
import { headerOf, inOnePiece, type ManifestHead, readManifestHead, totalsOf } from './manifest-head.js'
import { registryManifest } from './manifest-source.js'
import type { RegistryStore } from './registry-store.js'
import { noRevision } from './revisions.js'
import { storedManifest } from './stored-manifest.js'

export interface ManifestReaderDeps {
  readonly entries: Pick<EntryObjects, 'read'>
  readonly indexes: IndexCache
}

/** Opens a revision. @throws {QuiltError} `not_found` when there is no such manifest; `upstream`, `partial` when it is damaged */
export async function openRevision(
  deps: ManifestReaderDeps,
  store: RegistryStore,
  revision: Revision,
  options: CallOptions = {},
): Promise<PackageReader> {
  const { topHash } = revision
  const head = await readManifestHead(store, topHash, options)
  if (head === undefined) throw noRevision(revision, topHash)
  const header = await headerOf(head)
  const totals = head.whole ? await totalsOf(head.bytes) : {}
  const known = { length: head.size, etag: head.etag }
  const stored = head.whole ? undefined : storedManifest(registryManifest(store, { topHash, known }), deps.indexes)
  const manifest = stored ?? heldManifest(head.bytes)
  const missing = (path: string, call: CallOptions) =>
    missingPath((parent, wanted) => manifest.names(parent, wanted, call), revision, path)
  const entryAt = async (logicalKey: string, call: CallOptions): Promise<Entry> => {
    checkLogicalKey(logicalKey)
    const found = await manifest.entry(logicalKey, call)
    if (found === undefined) throw await missing(logicalKey, call)
    return found
  }
  return {
    revision: { ...revision, ...totals },
    header,
    async dir(path, page = {}) {
      const directory = checkedDirectory(path)
      const found = await manifest.dir(directory, page)
      if (found === undefined) throw await missing(directory, page)
      return found
    },
    entry: (logicalKey, call = {}) => entryAt(logicalKey, call),
    entries: (call) => manifest.entries(call),
    // Of a short manifest the entries themselves tell as much.
    summary: async (call) => stored?.summary(call),
    directories: (call) => directoriesOf(store, revision, head, call),
    read: async (logicalKey, call = {}) => deps.entries.read(await entryAt(logicalKey, call), call),
  }
}

/** Directory lines come before all entries (formats.md 2.1): what follows the first entries is not read. */
async function directoriesOf(
  store: RegistryStore,
  revision: Revision,
  head: ManifestHead,
  { signal }: CallOptions = {},
): Promise<readonly DirectoryMeta[]> {
  const { topHash } = revision
  const found = head.whole ? undefined : await store.read(manifestKey(topHash), { ifMatch: head.etag, signal })
  if (!head.whole && found === undefined) throw noRevision(revision, topHash)
  const directories: DirectoryMeta[] = []
  for await (const batch of (await openManifest(found?.body ?? inOnePiece(head.bytes), { signal })).lines) {
    directories.push(...batch.directories)
    if (batch.entries.length > 0 && !head.whole) break
  }
  return directories.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}
