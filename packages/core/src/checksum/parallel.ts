// sha2-256-chunked over parts that are read and hashed at the same time, of one object or of many (formats.md 4.2).
import { createHash, webcrypto } from 'node:crypto'
import { QuiltError } from '../errors.js'
import type { ObjectHash } from '../manifest/entry.js'
import { partSizeBytes } from './chunked-sha256.js'

/** An object that can be read anywhere: a local file, an S3 object by ranges. */
export interface RangeSource {
  /** Length in bytes. */
  readonly size: number
  /** Fills `into` with the bytes from `start` on. Rejects when there are not as many. */
  fill(into: Uint8Array, start: number): Promise<void>
}

/** How parts are hashed at the same time. */
export interface ParallelSha256Options {
  /** How many parts are held and hashed at the same time, over all objects: at most as many cores are busy. From 1 on. */
  readonly concurrency: number
}

/** Hashes objects; calls at the same time share the buffers. */
export interface ParallelSha256 {
  /**
   * The `sha2-256-chunked` hash of an object.
   * @throws what `fill` throws, or the signal's reason; no part of this object is read any more then
   */
  hash(source: RangeSource, signal?: AbortSignal): Promise<ObjectHash>
}

/** Parts above this, in objects of more than 312 GiB, pass through a buffer of this size on the main thread. */
const maxBufferBytes = 33_554_432
/** Up to here the way to another thread and back takes longer than hashing. */
const smallBytes = 65_536
const digestBytes = 32

/**
 * Makes a hasher that keeps `concurrency` buffers: each as large as a part, 8 MiB for objects up to 80,000 MiB, 32 MiB
 * at most. Hashing runs on Node's own pool of threads (4, or `UV_THREADPOOL_SIZE`), not on the main thread.
 * @throws {QuiltError} `invalid_input` when `concurrency` is not a whole number from 1 on
 */
export function createParallelSha256({ concurrency }: ParallelSha256Options): ParallelSha256 {
  const buffers = createBuffers(concurrency)
  return {
    async hash(source, signal) {
      const partBytes = partSizeBytes(source.size)
      const parts = Math.ceil(source.size / partBytes)
      const digests = Buffer.alloc(parts * digestBytes)
      let next = 0
      const hashParts = async (): Promise<void> => {
        for (let part = next++; part < parts; part = next++) {
          const start = part * partBytes
          const end = Math.min(start + partBytes, source.size)
          const digest = await buffers.use(Math.min(end - start, maxBufferBytes), async (buffer) => {
            signal?.throwIfAborted()
            if (next === Number.POSITIVE_INFINITY) return undefined
            if (end - start > buffer.length) return passThrough(source, { start, end, buffer })
            return digestOf(source, start, buffer)
          })
          if (digest !== undefined) digests.set(digest, part * digestBytes)
        }
      }
      const stopAll = (error: unknown): never => {
        next = Number.POSITIVE_INFINITY
        throw error
      }
      const runs = Array.from({ length: Math.min(parts, concurrency) }, () => hashParts().catch(stopAll))
      // All are waited for: after a failure no read goes on behind the caller's back.
      const ended = await Promise.allSettled(runs)
      const failed = ended.find((run) => run.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      return { type: 'sha2-256-chunked', value: createHash('sha256').update(digests).digest('base64') }
    },
  }
}

async function digestOf(source: RangeSource, start: number, buffer: Uint8Array): Promise<Uint8Array> {
  await source.fill(buffer, start)
  if (buffer.length <= smallBytes) return createHash('sha256').update(buffer).digest()
  return new Uint8Array(await webcrypto.subtle.digest('SHA-256', buffer))
}

async function passThrough(
  source: RangeSource,
  { start, end, buffer }: { readonly start: number; readonly end: number; readonly buffer: Uint8Array },
): Promise<Uint8Array> {
  const hash = createHash('sha256')
  for (let from = start; from < end; from += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, end - from))
    await source.fill(piece, from)
    hash.update(piece)
  }
  return hash.digest()
}

/** A fixed number of buffers that grow as needed and are lent to one user at a time, in the order of asking. */
function createBuffers(count: number) {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new QuiltError('invalid_input', `${count} parts cannot be hashed at the same time`, {
      hint: 'Give a whole number from 1 on, such as the number of cores.',
    })
  }
  const free: Uint8Array<ArrayBuffer>[] = Array.from({ length: count }, () => new Uint8Array())
  const waiting: ((buffer: Uint8Array<ArrayBuffer>) => void)[] = []
  const take = (): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> =>
    free.pop() ?? new Promise((resolve) => waiting.push(resolve))
  const give = (buffer: Uint8Array<ArrayBuffer>): void => {
    const nextUser = waiting.shift()
    if (nextUser === undefined) free.push(buffer)
    else nextUser(buffer)
  }
  return {
    /** Lends a buffer of exactly `bytes` bytes until the work is done. */
    async use<Result>(bytes: number, work: (buffer: Uint8Array<ArrayBuffer>) => Promise<Result>): Promise<Result> {
      let buffer = await take()
      try {
        if (buffer.length < bytes) buffer = new Uint8Array(bytes)
        return await work(buffer.subarray(0, bytes))
      } finally {
        give(buffer)
      }
    },
  }
}
