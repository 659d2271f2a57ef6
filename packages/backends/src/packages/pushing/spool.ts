// Bytes that are written once and read as often as it takes: in memory while they are few, else in a temporary file without a name.
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Spool {
  /** Bytes so far. */
  readonly size: number
  write(bytes: Uint8Array): Promise<void>
  /** All bytes, from the first one. */
  read(): AsyncGenerator<Uint8Array, void, undefined>
  /** Gives memory and disk back. Harmless when it was called before. */
  close(): Promise<void>
}

export interface SpoolOptions {
  /** Bytes that stay in memory. Default 8 MiB. */
  readonly mostInMemory?: number | undefined
  /** Where the file is made. Default: the system's folder for temporary files. */
  readonly folder?: string | undefined
}

const chunkBytes = 262_144

/** Makes an empty spool. Nothing is opened before there is too much for memory. */
export function createSpool({ mostInMemory = 8_388_608, folder = tmpdir() }: SpoolOptions = {}): Spool {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let size = 0
  let file: TemporaryFile | undefined

  const flush = async (): Promise<void> => {
    file ??= await temporaryFile(folder)
    const bytes = Buffer.concat(held)
    held = []
    heldBytes = 0
    for (let at = 0; at < bytes.length; ) at += (await file.handle.write(bytes, at)).bytesWritten
  }

  return {
    get size() {
      return size
    },
    async write(bytes) {
      held.push(bytes)
      heldBytes += bytes.length
      size += bytes.length
      if (heldBytes > (file === undefined ? mostInMemory : chunkBytes)) await flush()
    },
    async *read() {
      if (file === undefined) {
        yield* held
        return
      }
      if (heldBytes > 0) await flush()
      for (let at = 0; at < size; ) {
        const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - at))
        const { bytesRead } = await file.handle.read(chunk, 0, chunk.length, at)
        if (bytesRead === 0) throw new Error('a temporary file became shorter')
        yield chunk.subarray(0, bytesRead)
        at += bytesRead
      }
    },
    async close() {
      held = []
      heldBytes = 0
      const opened = file
      file = undefined
      await opened?.close()
    },
  }
}

interface TemporaryFile {
  readonly handle: FileHandle
  close(): Promise<void>
}

/** A file that is gone with the process. Windows keeps the name of an open file: there it goes when it is closed. */
async function temporaryFile(folder: string): Promise<TemporaryFile> {
  const own = await mkdtemp(join(folder, 'quilt-mcp-'))
  const remove = () => rm(own, { recursive: true, force: true })
  try {
    const handle = await open(join(own, 'spool'), 'wx+', 0o600)
    if (process.platform !== 'win32') await remove()
    return {
      handle,
      async close() {
        await handle.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
