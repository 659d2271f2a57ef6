// Writes of a local registry: all or nothing, and safe between processes. Bytes are gathered in a folder of their own, where neither
// quilt3 nor we list anything, and appear at their place by one link or rename.
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, link, mkdir, open, readdir, rename, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { notOfItsSize } from '../../objects/exact-body.js'
import { unlessAbsent } from '../../objects/file-address.js'
import { fileErrorCode } from '../../objects/file-error.js'
import { type FileLock, isDead, takeLock, thisProcess } from './file-store-lock.js'
import type { StreamedBytes } from './registry-store.js'

/** Where a local registry gathers what it writes, and keeps its locks: below its directory. */
export const workFolder = '.quilt/quilt-mcp'

/** Temporary files of machines whose processes cannot be asked for go after a day. */
const longestKeptMs = 86_400_000

/** Writes below one directory. */
export interface FileWrites {
  /** Gathers bytes. @returns the path of a temporary file, safe on disk @throws {QuiltError} `partial` when there are not as many as announced */
  gather(bytes: Uint8Array | StreamedBytes, signal?: AbortSignal): Promise<string>
  /** Gives the temporary file its name. False when there is a file of that name already. */
  create(gathered: string, path: string): Promise<boolean>
  /** Puts the temporary file in the place of whatever is there. Only under the lock of that path. */
  replace(gathered: string, path: string): Promise<void>
  /** Removes a file, and the folders that it leaves empty. Only under the lock of that path. */
  remove(path: string): Promise<void>
  /** Does work on a path while no other process of ours replaces or removes it. */
  locked<T>(path: string, work: (lock: FileLock) => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** Makes the writes below a directory. Temporary files that dead processes left there are removed at the first one. */
export function fileWrites(root: string): FileWrites {
  const folder = join(root, ...workFolder.split('/'))
  let swept: Promise<void> | undefined
  const opened = async () => {
    await mkdir(folder, { recursive: true })
    swept ??= sweep(folder)
    await swept
  }
  return {
    async gather(bytes, signal) {
      await opened()
      const path = join(folder, `${thisProcess()}-${randomUUID()}.tmp`)
      const file = await open(path, 'wx')
      try {
        try {
          await fill(file, bytes, signal)
          await file.sync()
        } finally {
          await file.close()
        }
      } catch (error) {
        await unlessAbsent(unlink(path))
        throw error
      }
      return path
    },

    async create(gathered, path) {
      try {
        await inItsFolder(path, () => link(gathered, path))
      } catch (error) {
        if (fileErrorCode(error) === 'EEXIST') return false
        throw error
      }
      await unlink(gathered)
      return true
    },

    replace: (gathered, path) => inItsFolder(path, () => rename(gathered, path)),

    async remove(path) {
      await unlessAbsent(unlink(path))
      await unlessAbsent(syncFolder(dirname(path)))
      await removeEmptyFolders(root, dirname(path))
    },

    async locked(path, work, signal) {
      await opened()
      const name = createHash('sha256').update(path.slice(root.length)).digest('hex').slice(0, 32)
      const lock = await takeLock(join(folder, `${name}.lock`), signal)
      try {
        return await work(lock)
      } finally {
        await lock.release()
      }
    },
  }
}

async function fill(
  file: FileHandle,
  bytes: Uint8Array | StreamedBytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (bytes instanceof Uint8Array) return file.writeFile(bytes)
  let written = 0
  for await (const chunk of bytes.body) {
    signal?.throwIfAborted()
    await file.writeFile(chunk)
    written += chunk.byteLength
  }
  if (written === bytes.size) return
  throw notOfItsSize(written, bytes.size)
}

/** Does the work, whose effect is safe on disk afterwards. The folder is made, also when a remover takes it away again meanwhile. */
async function inItsFolder(path: string, work: () => Promise<void>): Promise<void> {
  const folder = dirname(path)
  for (let tries = 1; ; tries += 1) {
    const made = await makeFolder(folder)
    try {
      await work()
    } catch (error) {
      if (fileErrorCode(error) !== 'ENOENT' || tries === 10) throw error
      continue
    }
    for (let at = folder; ; at = dirname(at)) {
      await unlessAbsent(syncFolder(at))
      if (made === undefined || at === dirname(made)) return
    }
  }
}

/** @returns the first folder that had to be made */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true })
  } catch (cause) {
    // Node's word for a file in the way. To the callers EEXIST means that the name itself is taken.
    if (fileErrorCode(cause) !== 'EEXIST') throw cause
    throw Object.assign(new Error('a file is where a folder must be', { cause }), { code: 'ENOTDIR' })
  }
}

/** Makes names in a folder survive a power cut. Windows does it by itself, and cannot be asked to. */
export async function syncFolder(folder: string): Promise<void> {
  if (sep === '\\') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A folder without files does not exist in an object store; quilt3 would show it as a package. `.quilt/<folder>` itself stays. */
async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let at = folder; at.slice(root.length).split(sep).length > 3; at = dirname(at)) {
    try {
      await rmdir(at)
    } catch (error) {
      const code = fileErrorCode(error)
      if (code === 'ENOENT') continue
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return
      throw error
    }
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.tmp')) continue
    const path = join(folder, name)
    const found = await unlessAbsent(stat(path))
    if (found === undefined) continue
    if (isDead(name) || Date.now() - found.mtimeMs > longestKeptMs) await unlessAbsent(unlink(path))
  }
}
