// What a local registry knows of a file, and its bytes.
import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { QuiltError } from '@quilt-mcp/core'
import { checkByteRange } from '../../objects/byte-range.js'
import { unlessAbsent, urlOfPath } from '../../objects/file-address.js'
import { fileError } from '../../objects/file-error.js'
import type { ReadStoredOptions, StoredBytes, StoredInfo } from './registry-store.js'
import { hasChanged } from './store-conflicts.js'

/** Up to here the etag is a hash of the bytes. A pointer written twice within one tick of the file system's clock has the same size
 * and time, and may have the same inode: only its bytes tell. */
const hashedUpToBytes = 4_096n
const chunkBytes = 262_144

/** What is known of a file; undefined when there is none. */
export async function fileInfo(path: string): Promise<StoredInfo | undefined> {
  return (await look(path))?.info
}

/**
 * A file. A large one is read when its bytes are asked for.
 * @throws {QuiltError} `invalid_input` when the range begins behind its end; from the iteration: `conflict` when the file was
 *   replaced or changed since
 */
export async function fileBytes(
  path: string,
  { range, signal }: Pick<ReadStoredOptions, 'range' | 'signal'> = {},
): Promise<StoredBytes | undefined> {
  if (range !== undefined) checkByteRange(range)
  const found = await look(path)
  if (found === undefined) return undefined
  const { info, bytes } = found
  if (range !== undefined && range.first >= info.size) throw behindTheEnd(path)
  const first = range?.first ?? 0
  const end = Math.min((range?.last ?? info.size) + 1, info.size)
  const body = bytes === undefined ? bodyOf(path, info, { first, end, signal }) : oneChunk(bytes.subarray(first, end))
  return { ...info, body }
}

interface Look {
  readonly info: StoredInfo
  /** Those of a small file: they had to be read for its etag. */
  readonly bytes: Uint8Array | undefined
}

async function look(path: string): Promise<Look | undefined> {
  return withFile(path, async (file, stats) => {
    const bytes = stats.size > hashedUpToBytes ? undefined : await file.readFile()
    const etag = bytes === undefined ? etagOf(stats) : createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    const size = bytes?.byteLength ?? Number(stats.size)
    return { info: { size, etag, modified: stats.mtime.toISOString() }, bytes }
  })
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.byteLength > 0) yield bytes
}

/** Opens the file if there is one; without waiting, as for the writer of a pipe. */
async function withFile<T>(
  path: string,
  work: (file: FileHandle, stats: BigIntStats) => Promise<T>,
): Promise<T | undefined> {
  const file = await unlessAbsent(open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)))
  if (file === undefined) return undefined
  try {
    const stats = await file.stat({ bigint: true })
    return stats.isFile() ? await work(file, stats) : undefined
  } finally {
    await file.close()
  }
}

function etagOf({ ino, mtimeNs, size }: BigIntStats): string {
  return [ino, mtimeNs, size].map((number) => number.toString(16)).join('-')
}

interface Stretch {
  readonly first: number
  /** The first byte that does not belong to it. */
  readonly end: number
  readonly signal: AbortSignal | undefined
}

async function* bodyOf(
  path: string,
  { etag }: StoredInfo,
  { first, end, signal }: Stretch,
): AsyncGenerator<Uint8Array, void, undefined> {
  const name = urlOfPath(path)
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw fileError(error, `Reading ${name}`)
  }
  try {
    if (etagOf(await file.stat({ bigint: true })) !== etag) throw hasChanged(name)
    for (let at = first; at < end; ) {
      signal?.throwIfAborted()
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0) throw hasChanged(name)
      yield chunk.subarray(0, bytesRead)
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

function behindTheEnd(path: string): QuiltError {
  return new QuiltError('invalid_input', `Reading ${urlOfPath(path)}: the range starts behind the end of the object`, {
    hint: 'Ask object_info for the size.',
  })
}
