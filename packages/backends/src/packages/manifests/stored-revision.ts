// A stored revision as the content of one to be made: gone through as often as it takes, in tree order.
import {
  compareLogicalKeys,
  type DirectoryMeta,
  type Entry,
  type ManifestHeader,
  manifestKey,
  openManifest,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { PlacedEntry, Revision } from '../port.js'
import { noRevision } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'

export interface StoredRevision {
  readonly header: ManifestHeader
  readonly directories: readonly DirectoryMeta[]
  readonly count: number
  entries(options?: CallOptions): AsyncGenerator<readonly PlacedEntry[], void, undefined>
}

const byKey = (a: { readonly logicalKey: string }, b: { readonly logicalKey: string }) =>
  compareLogicalKeys(a.logicalKey, b.logicalKey)

/** Reads the manifest once: what it says of directories, and how many entries it has. Entries are held only when another program wrote
 * them in an order of its own. @throws {QuiltError} `not_found` */
export async function storedRevision(
  store: RegistryStore,
  revision: Revision,
  options: CallOptions = {},
): Promise<StoredRevision> {
  const opened = async ({ signal }: CallOptions) => {
    const found = await store.read(manifestKey(revision.topHash), { signal })
    if (found === undefined) throw noRevision(revision, revision.topHash)
    return openManifest(found.body, { signal })
  }
  const { header, lines } = await opened(options)
  const directories: DirectoryMeta[] = []
  let count = 0
  let last: string | undefined
  let isOrdered = true
  for await (const batch of lines) {
    for (const directory of batch.directories) directories.push(directory)
    for (const { logicalKey } of batch.entries) {
      isOrdered &&= last === undefined || compareLogicalKeys(last, logicalKey) < 0
      last = logicalKey
    }
    count += batch.entries.length
  }
  return {
    header,
    directories: directories.sort(byKey),
    count,
    async *entries(call = {}) {
      const manifest = await opened(call)
      if (isOrdered) {
        for await (const batch of manifest.lines) yield batch.entries
        return
      }
      const all: Entry[] = []
      for await (const batch of manifest.lines) for (const entry of batch.entries) all.push(entry)
      yield all.sort(byKey)
    },
  }
}
