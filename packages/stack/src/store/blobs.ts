// The bytes of objects and parts: one file each, written once, never changed. Names are relative to the folder, with slashes:
// <generation>/<two hex digits>/<uuid>. A generation is one run of the store, so that a crash leaves only one to check.
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StoreError } from './object-store.js'

const readBytes = 256 * 1024

interface WrittenBlob {
  readonly name: string
  readonly size: number
  /** Hex. */
  readonly md5: string
  /** Base64; present when it was asked for. */
  readonly sha256?: string
}

export interface BlobFolder {
  /** Writes a body to its end, syncs it, and only then gives it its name. When the body throws, nothing is left. */
  write(body: AsyncIterable<Uint8Array> | Uint8Array, options: { readonly sha256: boolean }): Promise<WrittenBlob>
  /** @throws {StoreError} `InternalError` when the file is shorter than `last` */
  read(name: string, first: number, last: number): AsyncIterable<Uint8Array>
  /** Removes a blob; one that is gone already is no error. */
  discard(name: string): void
  /** The names of all blobs of a generation. */
  names(generation: string): readonly string[]
}

/** Opens a folder of blobs, and removes what an interrupted write left in `tmp`.
 * @param folder absolute path; created when missing
 * @param generation the folder's part that new blobs go to */
export function openBlobFolder(folder: string, generation: string): BlobFolder {
  const temporary = join(folder, 'tmp')
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  const ready = new Map<string, Promise<void>>()

  const shardReady = (shard: string): Promise<void> => {
    const known = ready.get(shard)
    if (known !== undefined) return known
    const made = makeSynced(folder, generation, shard)
    ready.set(shard, made)
    return made
  }

  return {
    async write(body, { sha256 }) {
      const id = randomUUID()
      const shard = id.slice(0, 2)
      const name = `${generation}/${shard}/${id}`
      const started = join(temporary, id)
      try {
        const written = await writeSynced(started, body, sha256)
        await shardReady(shard)
        await rename(started, join(folder, name))
        await syncFolder(dirname(join(folder, name)))
        return { name, ...written }
      } catch (error) {
        await rm(started, { force: true })
        throw error
      }
    },

    async *read(name, first, last) {
      if (last < first) return
      let left = last - first + 1
      const stream = createReadStream(join(folder, name), { start: first, end: last, highWaterMark: readBytes })
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        left -= chunk.length
        yield chunk
      }
      if (left !== 0) throw new StoreError('InternalError', `a stored file is ${left} bytes short`)
    },

    discard: (name) => rmSync(join(folder, name), { force: true }),

    names: (from) =>
      subfolders(join(folder, from)).flatMap((shard) =>
        readdirSync(join(folder, from, shard)).map((id) => `${from}/${shard}/${id}`),
      ),
  }
}

async function writeSynced(path: string, body: AsyncIterable<Uint8Array> | Uint8Array, withSha256: boolean) {
  const md5 = createHash('md5')
  const sha256 = withSha256 ? createHash('sha256') : undefined
  let size = 0
  const file = await open(path, 'wx')
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      md5.update(chunk)
      sha256?.update(chunk)
      size += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { size, md5: md5.digest('hex'), ...(sha256 !== undefined && { sha256: sha256.digest('base64') }) }
}

async function makeSynced(folder: string, generation: string, shard: string): Promise<void> {
  await mkdir(join(folder, generation, shard), { recursive: true })
  await syncFolder(join(folder, generation))
  await syncFolder(folder)
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return // a folder cannot be opened there
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function subfolders(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
