// Metadata of directories that an update keeps: of those that still hold files, where the backend tells it.
import type { CallOptions, PackageReader } from '@quilt-mcp/backends'
import type { DirectoryMeta } from '@quilt-mcp/core'

/** @param keys logical keys of all entries of the new revision */
export async function keptDirectories(
  reader: Pick<PackageReader, 'directories'>,
  keys: Iterable<string>,
  options: CallOptions,
): Promise<readonly DirectoryMeta[]> {
  const directories = (await reader.directories?.(options)) ?? []
  if (directories.length === 0) return directories
  const filled = new Set<string>()
  for (const key of keys)
    for (let slash = key.indexOf('/'); slash !== -1; slash = key.indexOf('/', slash + 1))
      filled.add(key.slice(0, slash + 1))
  return directories.filter(({ logicalKey }) => filled.has(logicalKey))
}
