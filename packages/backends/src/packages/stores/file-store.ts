// A registry in a directory of this machine, laid out as quilt3 lays out its own (formats.md 1.1, 1.3). Keys are paths.
import { unlink } from 'node:fs/promises'
import { QuiltError } from '@quilt-mcp/core'
import { checkIsData, pathOfKey, unlessAbsent, urlOfPath } from '../../objects/file-address.js'
import { fileError, fileErrorCode } from '../../objects/file-error.js'
import { fileBytes, fileInfo } from './file-store-read.js'
import { namesBelow, walkKeys } from './file-store-walk.js'
import { type FileWrites, fileWrites } from './file-store-write.js'
import type { RegistryStore, StoredInfo } from './registry-store.js'
import { hasChanged, hasMoved } from './store-conflicts.js'

export interface FileStoreOptions {
  /** Absolute path of the registry's directory; it is made by the first write. */
  readonly root: string
  /** Keep to the user's own files: refuse what lies below `.quilt`, and symbolic links that lead out of the directory, and leave both
   * out of lists. Default false. */
  readonly dataOnly?: boolean | undefined
}

/**
 * Makes the store. Writes are atomic, safe on disk when they are done, and safe between processes that write by this store;
 * `expected` is decided without a race between those. Nothing is opened before the first call.
 */
export function fileStore({ root, dataOnly = false }: FileStoreOptions): RegistryStore {
  const url = urlOfPath(root).replace(/\/$/, '')
  const writes = fileWrites(root)

  /** Does work on the file of a key, with errors that name it. */
  const at = async <T>(attempt: string, key: string, work: (path: string) => Promise<T>): Promise<T> => {
    const path = pathOfKey(root, key)
    try {
      if (dataOnly) await checkIsData(root, path)
      return await work(path)
    } catch (error) {
      throw fileError(error, `${attempt} ${urlOfPath(path)}`)
    }
  }

  return {
    url,

    async info(key, { signal } = {}) {
      signal?.throwIfAborted()
      return at('Looking up', key, fileInfo)
    },

    async read(key, { range, ifMatch, signal } = {}) {
      signal?.throwIfAborted()
      return at('Reading', key, async (path) => {
        const found = await fileBytes(path, { range, signal })
        if (found !== undefined && ifMatch !== undefined && found.etag !== ifMatch) throw hasChanged(urlOfPath(path))
        return found
      })
    },

    async write(key, bytes, { expected, signal } = {}) {
      return at('Writing', key, async (path) => {
        const gathered = await writes.gather(bytes, signal)
        try {
          if (expected === null) await create(writes, gathered, path, signal)
          else await replace(writes, gathered, { path, expected, signal })
        } finally {
          await unlessAbsent(unlink(gathered))
        }
        const written = await fileInfo(path)
        if (written !== undefined) return written
        throw new QuiltError('conflict', `${urlOfPath(path)} was removed as soon as it was written`, {
          hint: 'Try again.',
          retryable: true,
        })
      })
    },

    async *list(prefix, { after, signal } = {}) {
      signal?.throwIfAborted()
      try {
        yield* walkKeys({ root, prefix, after, dataOnly, signal })
      } catch (error) {
        throw fileError(error, `Listing ${url}/${prefix}`)
      }
    },

    async *children(prefix, { signal } = {}) {
      signal?.throwIfAborted()
      try {
        const names = await namesBelow(root, prefix)
        if (names.length > 0) yield names
      } catch (error) {
        throw fileError(error, `Listing ${url}/${prefix}`)
      }
    },

    async remove(key, { expected, signal } = {}) {
      await at('Removing', key, (path) =>
        writes.locked(
          path,
          async (lock) => {
            const found = await fileInfo(path)
            if (expected !== undefined) checkExpected(path, found, expected)
            if (found === undefined) return
            await lock.check()
            await writes.remove(path)
          },
          signal,
        ),
      )
    },
  }
}

async function create(
  writes: FileWrites,
  gathered: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  let created: boolean
  try {
    created = await writes.create(gathered, path)
  } catch (error) {
    if (!withoutLinks.has(fileErrorCode(error) ?? '')) throw error
    return replace(writes, gathered, { path, expected: null, signal })
  }
  if (!created) throw hasMoved(urlOfPath(path))
}

/** What file systems say that have no hard links (FAT, some network drives). */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

interface Replacement {
  readonly path: string
  readonly expected: string | null | undefined
  readonly signal: AbortSignal | undefined
}

async function replace(writes: FileWrites, gathered: string, { path, expected, signal }: Replacement): Promise<void> {
  await writes.locked(
    path,
    async (lock) => {
      if (expected !== undefined) checkExpected(path, await fileInfo(path), expected)
      await lock.check()
      await writes.replace(gathered, path)
    },
    signal,
  )
}

function checkExpected(path: string, found: StoredInfo | undefined, expected: string | null): void {
  if ((found?.etag ?? null) !== expected) throw hasMoved(urlOfPath(path))
}
