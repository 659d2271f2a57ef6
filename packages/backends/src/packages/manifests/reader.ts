// Reads one revision from its manifest alone. A short manifest came whole when it was opened; of a long one only what is shown is read.
import {
  checkLogicalKey,
  compareLogicalKeys,
  type DirectoryMeta,
  type Entry,
  manifestKey,
  openManifest,
  type QuiltError,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import { checkedDirectory, missingPath } from '../directory.js'
import type { IndexCache } from '../indexes/index-cache.js'
import type { ManifestSource } from '../indexes/manifest-source.js'
import { storedManifest } from '../indexes/stored-manifest.js'
import type { PackageReader, Revision } from '../port.js'
import { noRevision } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { headerOf, inOnePiece, type ManifestHead, readManifestHead } from './head.js'

export interface ManifestReaderDeps {
  readonly entries: Pick<EntryObjects, 'read'>
  /** Shared by all backends of a process. */
  readonly indexes: IndexCache
}

/** Opens a revision. @throws {QuiltError} `not_found` when there is no such manifest; `upstream`, `partial` when it is damaged */
export async function openRevision(
  { entries, indexes }: ManifestReaderDeps,
  store: RegistryStore,
  revision: Revision,
  options: CallOptions = {},
): Promise<PackageReader> {
  const head = await readManifestHead(store, revision.topHash, options)
  if (head === undefined) throw noRevision(revision, revision.topHash)
  const header = await headerOf(head)
  const manifest = storedManifest(sourceOf(store, revision, head), indexes)
  const missing = (path: string, call: CallOptions): Promise<QuiltError> =>
    missingPath((directory, wanted) => manifest.names(directory, wanted, call), revision, path)
  const entryAt = async (logicalKey: string, call: CallOptions): Promise<Entry> => {
    checkLogicalKey(logicalKey)
    const entry = await manifest.entry(logicalKey, call)
    if (entry === undefined) throw await missing(logicalKey, call)
    return entry
  }
  return {
    revision: head.whole ? { ...revision, ...totalsOf(await manifest.summary(options)) } : revision,
    header,
    async dir(path, page = {}) {
      const directory = checkedDirectory(path)
      const found = await manifest.dir(directory, page)
      if (found === undefined) throw await missing(directory, page)
      return found
    },
    entry: (logicalKey, call = {}) => entryAt(logicalKey, call),
    entries: (call) => manifest.entries(call),
    summary: (call) => manifest.summary(call),
    directories: (call) => directoriesOf(store, revision, head, call),
    read: async (logicalKey, call = {}) => entries.read(await entryAt(logicalKey, call), call),
  }
}

/** The manifest as it was found, and where it has changed since, as it is now. */
function sourceOf(store: RegistryStore, revision: Revision, head: ManifestHead): ManifestSource {
  const { topHash } = revision
  const key = manifestKey(topHash)
  let looked = false
  return {
    registry: store.url,
    topHash,
    async info({ signal } = {}) {
      if (!looked) {
        looked = true
        return { length: head.size, etag: head.etag }
      }
      const found = await store.info(key, { signal })
      if (found === undefined) throw noRevision(revision, topHash)
      return { length: found.size, etag: found.etag }
    },
    async read({ ifMatch, range, signal }) {
      if (head.whole && ifMatch === head.etag) {
        const end = range?.last === undefined ? head.size : range.last + 1
        return inOnePiece(head.bytes.subarray(range?.first ?? 0, end))
      }
      const found = await store.read(key, { ifMatch, range, signal })
      if (found === undefined) throw noRevision(revision, topHash)
      return found.body
    },
  }
}

const totalsOf = ({ entries, bytes }: { readonly entries: number; readonly bytes: number }) => ({
  totalEntries: entries,
  totalBytes: bytes,
})

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
