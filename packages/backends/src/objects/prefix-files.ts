// The objects below a bucket prefix as the files of a package, for `verifyFiles` (formats.md 1.10, 4.7).
import { type FileSource, type FoundFile, verifyHash } from '@quilt-mcp/core'
import type { Objects } from './port.js'

/** Where the objects are, and how long to go on. */
export interface PrefixFilesOptions {
  readonly bucket: string
  /** What their keys begin with; a `/` at its end belongs to it. `""`: the whole bucket. */
  readonly prefix: string
  readonly signal?: AbortSignal | undefined
}

/**
 * The current versions of all objects below a prefix, each with the path that follows the prefix. Keys that end in `/`
 * are folder markers and left out. The bytes of an object are read as a stream: its size does not matter.
 */
export function prefixFiles(objects: Objects, { bucket, prefix, signal }: PrefixFilesOptions): FileSource {
  return {
    async *list() {
      let cursor: string | undefined
      do {
        const page = await objects.list(bucket, { prefix, recursive: true, limit: 1_000, cursor, signal })
        yield page.items.flatMap(({ key, size }): readonly FoundFile[] =>
          key.endsWith('/') ? [] : [{ path: key.slice(prefix.length), size }],
        )
        cursor = page.cursor
      } while (cursor !== undefined)
    },
    async hasHash(path, hash, size) {
      const { body } = await objects.read({ bucket, key: `${prefix}${path}` }, { signal })
      return verifyHash(hash, body, size)
    },
  }
}
