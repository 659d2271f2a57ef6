// Metadata of directories: as an argument, and what of it a revision keeps.
import { checkLogicalKey, compareLogicalKeys, type DirectoryMeta, type JsonObject, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { type MetadataArgument, metadataArgument, metadataField } from './metadata.js'
import type { Problems } from './problems.js'

/** The input field: metadata by directory. */
export const directoriesField = () =>
  z.record(z.string(), metadataField().unwrap()).optional().describe('metadata by directory: {"raw/": {...}}')

/** Metadata by directory, with trailing slash; null takes it away. What is wrong goes to `problems`. */
export function directoriesArgument(
  given: Readonly<Record<string, MetadataArgument>> | undefined,
  problems: Problems,
): ReadonlyMap<string, JsonObject | null> {
  const metas = Object.entries(given ?? {}).flatMap(([path, value]) => {
    const read = problems.collect(path, (): readonly [string, JsonObject | null] => {
      const directory = path.replace(/\/$/, '')
      if (directory === '') {
        throw new QuiltError('invalid_input', 'the root has the metadata of the package', {
          hint: 'Pass it as metadata.',
        })
      }
      checkLogicalKey(directory)
      return [`${directory}/`, metadataArgument(value) ?? null]
    })
    return read === undefined ? [] : [read]
  })
  return new Map(metas)
}

/** The metadata of directories with a change, in tree order. */
export function changedDirectories(
  before: readonly DirectoryMeta[],
  changes: ReadonlyMap<string, JsonObject | null>,
): readonly DirectoryMeta[] {
  const kept = before.filter(({ logicalKey }) => !changes.has(logicalKey))
  const set = [...changes].flatMap(([logicalKey, meta]) => (meta === null ? [] : [{ logicalKey, meta }]))
  return [...kept, ...set].sort((a, b) => compareLogicalKeys(a.logicalKey, b.logicalKey))
}

/** Hears of all files of a revision, and tells which directories hold one: the others have no metadata to keep. */
export interface FilledDirectories {
  file(logicalKey: string): void
  filled(): readonly DirectoryMeta[]
  /** The others, by path. */
  empty(): readonly string[]
}

/** @param directories in tree order */
export function filledDirectories(directories: readonly DirectoryMeta[]): FilledDirectories {
  const empty = new Set(directories.map(({ logicalKey }) => logicalKey))
  return {
    file(logicalKey) {
      if (empty.size === 0) return
      for (let slash = logicalKey.indexOf('/'); slash !== -1; slash = logicalKey.indexOf('/', slash + 1))
        empty.delete(logicalKey.slice(0, slash + 1))
    },
    empty: () => [...empty],
    filled: () => directories.filter(({ logicalKey }) => !empty.has(logicalKey)),
  }
}
