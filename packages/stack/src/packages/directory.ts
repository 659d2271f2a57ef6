// A revision as folders: what lies directly under one path.
import { compareCodePoints, type Entry, type Json } from '@quilt-mcp/core'
import type { Manifest } from './manifests.js'

/** A directory inside a revision. */
export interface Directory {
  /** Without trailing slash; the root is empty. */
  readonly path: string
  /** Of the root: the header of the manifest. Undefined when there is none. */
  readonly metadata: Json | undefined
  /** Bytes of all files under it. */
  readonly size: number
}

export interface DirectoryListing extends Directory {
  /** By name. */
  readonly children: readonly (Directory | Entry)[]
}

/** Whether a child is a file. */
export const isEntry = (child: Directory | Entry): child is Entry => 'logicalKey' in child

/** What lies directly under a path. Undefined when the revision has no such directory.
 * @param path without trailing slash; empty for the root */
export async function listDirectory(manifest: Manifest, path: string): Promise<DirectoryListing | undefined> {
  const prefix = path === '' ? '' : `${path}/`
  const files: Entry[] = []
  const sizes = new Map<string, number>()
  const metadata = new Map<string, Json>()
  let size = 0
  for await (const { directories, entries } of manifest.batches()) {
    for (const { logicalKey, meta } of directories) if (logicalKey.startsWith(prefix)) metadata.set(logicalKey, meta)
    for (const entry of entries) {
      if (!entry.logicalKey.startsWith(prefix)) continue
      size += entry.size
      const slash = entry.logicalKey.indexOf('/', prefix.length)
      if (slash === -1) files.push(entry)
      else {
        const child = entry.logicalKey.slice(0, slash)
        sizes.set(child, (sizes.get(child) ?? 0) + entry.size)
      }
    }
  }
  if (path !== '' && files.length === 0 && sizes.size === 0 && !metadata.has(prefix)) return undefined
  const folders = Array.from(
    sizes,
    ([child, bytes]): Directory => ({
      path: child,
      metadata: metadata.get(`${child}/`),
      size: bytes,
    }),
  )
  const keyOf = (child: Directory | Entry): string => (isEntry(child) ? child.logicalKey : child.path)
  return {
    path,
    metadata: path === '' ? manifest.header : metadata.get(prefix),
    size,
    children: [...folders, ...files].sort((a, b) => compareCodePoints(keyOf(a), keyOf(b))),
  }
}

/** The entry of a logical key. Undefined when the revision has none. */
export async function findEntry(manifest: Manifest, logicalKey: string): Promise<Entry | undefined> {
  for await (const { entries } of manifest.batches()) {
    const found = entries.find((entry) => entry.logicalKey === logicalKey)
    if (found !== undefined) return found
  }
  return undefined
}
