// Reading the text files whose words are indexed.
import { isSmallText } from '@quilt-mcp/search-index'
import { currentVersion, storedText } from '../packages/stored-text.js'
import type { ObjectStore } from '../store/object-store.js'

/** The text of the current version of a small text file. Undefined: it is none, or it is gone. */
export async function smallText(store: ObjectStore, bucket: string, key: string): Promise<string | undefined> {
  const version = currentVersion(store, bucket, key)
  if (version === undefined || !isSmallText(key, version.size)) return undefined
  const text = await storedText(store, version, version.size)
  return text.includes('\0') ? undefined : text // what has NUL in it is called text only
}
