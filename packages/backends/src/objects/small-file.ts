// Small files, read at once: of ten thousand of them each turn of the event loop would take longer than the reading.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ObjectHash } from '@quilt-mcp/core'
import { hashNow } from './content.js'
import { checkIsData } from './file-address.js'

/** Up to here. */
export const smallFileBytes = 65_536

export interface SmallFile {
  /** Bytes. */
  readonly size: number
  readonly hash: ObjectHash
}

/** Reads small files. */
export interface SmallFiles {
  /** @param path of a file whose folder may be read; undefined for what is no small file, is a link, or cannot be read: who looks the long
   *   way is told why */
  read(path: string): SmallFile | undefined
  /** Whether the folder of a file was found to hold a registry's data just now. */
  isData(path: string): boolean
  /** Looks at the folder of a file; not again while it is believed. @throws {QuiltError} `forbidden` when it holds no data of the registry */
  checkFolder(root: string, path: string): Promise<void>
}

/** How long a folder is believed to be what it was. */
const believedMs = 1_000
const mostFolders = 10_000

/** A folder that is looked at, or was. */
interface Looked {
  checking?: Promise<void>
  /** Milliseconds since 1970. Absent: it is being looked at. */
  untilMs?: number
}

/** Makes the reading. Windows cannot refuse links while it opens a file: there no file is read so. */
export function smallFiles(now: () => number = Date.now): SmallFiles {
  const scratch = Buffer.allocUnsafe(smallFileBytes + 1)
  const folders = new Map<string, Looked>()
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

  const check = async (root: string, folder: string, looked: Looked): Promise<void> => {
    try {
      if (folder !== root) await checkIsData(root, folder)
      looked.untilMs = now() + believedMs
    } catch (error) {
      folders.delete(folder)
      throw error
    }
  }

  return {
    read(path) {
      if (process.platform === 'win32') return undefined
      let file: number
      try {
        file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      } catch {
        return undefined
      }
      try {
        const stats = fstatSync(file)
        if (!stats.isFile() || stats.size > smallFileBytes) return undefined
        const size = readSync(file, scratch, 0, scratch.length, 0)
        return size === stats.size ? { size, hash: hashNow(scratch.subarray(0, size)) } : undefined
      } finally {
        closeSync(file)
      }
    },
    isData(path) {
      const untilMs = folders.get(dirname(path))?.untilMs
      return untilMs !== undefined && now() < untilMs
    },
    checkFolder(root, path) {
      const folder = dirname(path)
      const known = folders.get(folder)
      if (known?.checking !== undefined && (known.untilMs === undefined || now() < known.untilMs)) return known.checking
      if (folders.size >= mostFolders) folders.clear()
      const looked: Looked = {}
      folders.set(folder, looked)
      looked.checking = check(root, folder, looked)
      return looked.checking
    },
  }
}
