// How a backend without a registry searches.
import type { RegistrySource } from '@quilt-mcp/search-index'
import { type RegistrySourceDeps, registrySource } from './registry-source.js'

/** What its user may set. */
export interface SearchSettings {
  /** Folder of the search indexes. Absent: they are made anew in each process. */
  readonly searchFolder?: string | undefined
  /** Whether the text of small text files is indexed. Default false. */
  readonly searchContent?: boolean | undefined
}

/** Of folders: looking is cheap. */
export const localSearchPace = { freshMs: 1_000, patienceMs: 2_000 }
/** Of buckets: each look lists all pointers. */
export const bucketSearchPace = { freshMs: 15_000, patienceMs: 2_000 }

/** What the index of a bucket is made from. */
export async function searchSource(
  from: Omit<RegistrySourceDeps, 'isText'>,
  { searchContent = false }: SearchSettings,
): Promise<RegistrySource> {
  const { isSmallText } = await import('@quilt-mcp/search-index')
  const { text, ...source } = registrySource({ ...from, isText: isSmallText })
  return searchContent && text !== undefined ? { ...source, text } : source
}
