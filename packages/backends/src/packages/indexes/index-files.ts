// Indexes of manifests on disk, in a folder that several processes may share and anybody may empty at any moment.
import { randomUUID } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { chmod, lstat, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type IndexSource, QuiltError } from '@quilt-mcp/core'

/** Files by name. What is not there, or cannot be had, is made again by the caller: nothing here has to succeed. */
export interface IndexFiles {
  /** A file that is read where its bytes are needed; reading throws when it has gone meanwhile. Undefined when there is none, or
   * none that may be trusted. Counts as a use. */
  open(name: string): Promise<IndexSource | undefined>
  /** Whole or not at all; then those not used for longest go until the folder is within its bound. */
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

export interface IndexFilesOptions {
  /** Made when it is missing, for this user only (0700). It holds nothing else. */
  readonly folder: string
  /** Bytes of all files in it, whoever wrote them. */
  readonly maxBytes: number
  /** Told why a file could not be read or written. */
  readonly onProblem: (error: unknown) => void
}

const indexFile = /^[0-9a-f]{64}\.index$/
const unfinishedFile = /^[0-9a-f-]{36}\.part$/
/** Nobody writes an index for so long: what is older was left by a process that died. */
const unfinishedMs = 600_000

/** Names are 64 hex digits. */
export function indexFiles({ folder, maxBytes, onProblem }: IndexFilesOptions): IndexFiles {
  const pathOf = (name: string): string => join(folder, `${name}.index`)
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!isMissing(error)) onProblem(error)
      return undefined
    }
  }
  const writeWhole = async (name: string, bytes: Uint8Array): Promise<void> => {
    await ownFolder(folder)
    const unfinished = join(folder, `${randomUUID()}.part`)
    try {
      await writeFile(unfinished, bytes, { mode: 0o600, flag: 'wx' })
      await rename(unfinished, pathOf(name))
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
    await trim(folder, maxBytes)
  }
  return {
    open: (name) => attempt(() => openOwn(pathOf(name), maxBytes)),
    write: async (name, bytes) => {
      if (bytes.length <= maxBytes) await attempt(() => writeWhole(name, bytes))
    },
    remove: async (name) => {
      await attempt(() => rm(pathOf(name), { force: true }))
    },
  }
}

const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)

/** A plain file of this user; not through a link, and no longer than the folder may hold. */
async function openOwn(path: string, maxBytes: number): Promise<IndexSource | undefined> {
  const file = await open(path, readOnly)
  try {
    const facts = await file.stat()
    if (!facts.isFile() || facts.size > maxBytes || !isOwn(facts)) return undefined
    const now = new Date()
    await file.utimes(now, now)
    return { length: facts.size, read: (offset, length) => readPiece(path, offset, length) }
  } finally {
    await file.close()
  }
}

/** Opened for each piece: no file stays open for an index that nobody asks any more, and a piece is read in microseconds.
 * @throws {QuiltError} `internal`, retryable, when the file has gone or is cut off: the index is to be dropped */
function readPiece(path: string, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length)
  try {
    const file = openSync(path, readOnly)
    try {
      if (readSync(file, bytes, 0, length, offset) === length) return bytes
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw gone(cause)
  }
  throw gone()
}

function gone(cause?: unknown): QuiltError {
  return new QuiltError('internal', 'an index in the cache folder has gone while it was read', {
    hint: 'Try again: it is built anew.',
    retryable: true,
    cause,
  })
}

/** @throws {QuiltError} `forbidden` when the folder belongs to somebody else: what others may write is not trusted */
async function ownFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const facts = await lstat(folder)
  if (!facts.isDirectory() || !isOwn(facts)) {
    throw new QuiltError('forbidden', `${folder} is not a folder of this user`, {
      hint: 'Name a cache folder of your own.',
    })
  }
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) await chmod(folder, 0o700)
}

const isOwn = ({ uid }: { readonly uid: number }): boolean => process.getuid === undefined || uid === process.getuid()

interface KeptFile {
  readonly path: string
  readonly bytes: number
  readonly usedMs: number
}

/** Removes what has not been used for longest until the rest fits. Other processes may do the same meanwhile. */
async function trim(folder: string, maxBytes: number): Promise<void> {
  const kept: KeptFile[] = []
  for (const name of await readdir(folder)) {
    if (!indexFile.test(name) && !unfinishedFile.test(name)) continue
    const path = join(folder, name)
    const facts = await stat(path).catch(goneMeanwhile)
    if (facts === undefined) continue
    if (unfinishedFile.test(name) && Date.now() - facts.mtimeMs > unfinishedMs) await rm(path, { force: true })
    else kept.push({ path, bytes: facts.size, usedMs: facts.mtimeMs })
  }
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0)
  for (const { path, bytes } of kept.toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (total <= maxBytes) return
    await rm(path, { force: true })
    total -= bytes
  }
}

function goneMeanwhile(error: unknown): undefined {
  if (!isMissing(error)) throw error
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
