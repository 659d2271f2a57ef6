// A short manifest, held as entries: looked into without an index and without a request.
import { compareLogicalKeys, type Entry, openManifest } from '@quilt-mcp/core'
import type { CallOptions, DirItem } from '../backend.js'
import { pageOf } from '../cursor.js'
import { once } from '../once.js'
import { inOnePiece } from './manifest-head.js'
import type { StoredManifest } from './stored-manifest.js'

const entriesInBatch = 1_000

/** @param bytes of the whole manifest; read when they are first asked for */
export function heldManifest(bytes: Uint8Array): Pick<StoredManifest, 'dir' | 'names' | 'entry' | 'entries'> {
  const all = once(async (): Promise<readonly Entry[]> => {
    const entries: Entry[] = []
    for await (const batch of (await openManifest(inOnePiece(bytes))).lines) entries.push(...batch.entries)
    return entries.sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
  })
  const children = async (path: string, { signal }: CallOptions): Promise<readonly DirItem[] | undefined> => {
    const found = childrenOf(await all(signal), path)
    return found.length === 0 && path !== '' ? undefined : found
  }
  return {
    async dir(path, page = {}) {
      const found = await children(path, page)
      return found && pageOf(found, page)
    },
    names: (path, _wanted, options = {}) => children(path, options),
    async entry(logicalKey, { signal } = {}) {
      return (await all(signal)).find((entry) => entry.logicalKey === logicalKey)
    },
    async *entries({ signal } = {}) {
      const entries = await all(signal)
      for (let from = 0; from < entries.length; from += entriesInBatch) yield entries.slice(from, from + entriesInBatch)
    },
  }
}

/** @param directory without trailing slash; empty for the root */
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
