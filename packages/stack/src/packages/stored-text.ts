// Small objects, read whole; and long listings, page after page.
import type { ListInput, ObjectStore, StoredVersion } from '../store/object-store.js'

/** The text of a version. @param maxBytes more is not read */
export async function storedText(store: ObjectStore, version: StoredVersion, maxBytes: number): Promise<string> {
  if (version.size === 0) return ''
  const pieces: Uint8Array[] = []
  const last = Math.min(version.size, maxBytes) - 1
  for await (const piece of store.read(version, { first: 0, last })) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** The current version of a key; undefined when there is none or it is deleted. */
export function currentVersion(store: ObjectStore, bucket: string, key: string): StoredVersion | undefined {
  const version = store.head(bucket, key)
  return version?.deleteMarker === false ? version : undefined
}

/** All current versions and common prefixes under a prefix. */
export function* listAll(
  store: ObjectStore,
  bucket: string,
  input: Pick<ListInput, 'prefix' | 'delimiter'>,
): Generator<{ readonly versions: readonly StoredVersion[]; readonly commonPrefixes: readonly string[] }> {
  let startAfter: string | undefined
  do {
    const page = store.list(bucket, { ...input, maxKeys: 1_000, startAfter })
    yield page
    startAfter = page.next
  } while (startAfter !== undefined)
}
