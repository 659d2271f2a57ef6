// Reads one revision from its manifest.
import {
  checkLogicalKey,
  compareLogicalKeys,
  type DirectoryMeta,
  type Entry,
  manifestKey,
  openManifest,
} from '@quilt-mcp/core'
import type { CallOptions, DirItem, PackageReader, Revision } from '../backend.js'
import { pageOf } from '../cursor.js'
import type { EntryObjects } from '../objects/entry-facts.js'
import { once } from '../once.js'
import { checkedDirectory, missingPath } from './directory.js'
import { headerOf, inOnePiece, type ManifestHead, readManifestHead, totalsOf } from './manifest-head.js'
import type { RegistryStore } from './registry-store.js'
import { noRevision } from './revisions.js'

export interface ManifestReaderDeps {
  readonly entries: Pick<EntryObjects, 'read'>
}

/** Opens a revision. @throws {QuiltError} `not_found` when there is no such manifest; `upstream`, `partial` when it is damaged */
export async function openRevision(
  deps: ManifestReaderDeps,
  store: RegistryStore,
  revision: Revision,
  options: CallOptions = {},
): Promise<PackageReader> {
  const head = await readManifestHead(store, revision.topHash, options)
  if (head === undefined) throw noRevision(revision, revision.topHash)
  const header = await headerOf(head)
  const totals = head.whole ? await totalsOf(head.bytes) : {}
  const all = once(async (): Promise<readonly Entry[]> => {
    const found = head.whole ? undefined : await store.read(manifestKey(revision.topHash), { ifMatch: head.etag })
    const entries: Entry[] = []
    for await (const batch of (await openManifest(found?.body ?? inOnePiece(head.bytes))).lines)
      entries.push(...batch.entries)
    return entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  })
  const entryAt = async (logicalKey: string, call: CallOptions): Promise<Entry> => {
    checkLogicalKey(logicalKey)
    const entries = await all(call.signal)
    const found = entries.find((entry) => entry.logicalKey === logicalKey)
    if (found === undefined) throw await missingPath(async (path) => childrenOf(entries, path), revision, logicalKey)
    return found
  }
  return {
    revision: { ...revision, ...totals },
    header,
    async dir(path, page = {}) {
      const directory = checkedDirectory(path)
      const entries = await all(page.signal)
      const children = childrenOf(entries, directory)
      if (children.length === 0 && directory !== '')
        throw await missingPath(async (parent) => childrenOf(entries, parent), revision, directory)
      return pageOf(children, page)
    },
    entry: (logicalKey, call = {}) => entryAt(logicalKey, call),
    async *entries(call = {}) {
      const entries = await all(call.signal)
      for (let from = 0; from < entries.length; from += 1_000) yield entries.slice(from, from + 1_000)
    },
    directories: (call) => directoriesOf(store, revision, head, call),
    read: async (logicalKey, call = {}) => deps.entries.read(await entryAt(logicalKey, call), call),
  }
}

function childrenOf(entries: readonly Entry[], directory: string): readonly DirItem[] {
  const prefix = directory === '' ? '' : `${directory}/`
  const children = new Map<string, DirItem>()
  for (const { logicalKey, size, physicalKey } of entries) {
    if (!logicalKey.startsWith(prefix)) continue
    const [name = '', ...deeper] = logicalKey.slice(prefix.length).split('/')
    children.set(
      name,
      deeper.length > 0
        ? { kind: 'directory', name, logicalKey: `${prefix}${name}/` }
        : { kind: 'file', name, logicalKey, size, physicalKey },
    )
  }
  return [...children.values()]
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
