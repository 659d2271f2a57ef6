// What is uploaded, cut into the parts in which it goes out: read when there is room for them, several at a time where the bytes can be
// read from any place.
import { partSizeBytes } from '@quilt-mcp/core'
import type { StreamedBytes } from '../packages/stores/registry-store.js'
import type { ByteBudget } from './byte-budget.js'
import { notOfItsSize } from './exact-body.js'
import type { ObjectContent } from './port.js'

/** What an upload reads: bytes, a source that is read anywhere, or a stream that is read once. */
export type UploadBody = ObjectContent | StreamedBytes

/** One part. */
export interface UploadPart {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Says that the bytes are needed no more. */
  release(): void
}

/** The parts of one upload, taken in order; several may be taken at the same time. */
export interface UploadParts {
  /** Undefined: there are no more. @throws {QuiltError} `partial` when there are fewer bytes than were announced, or more of a stream */
  take(): Promise<UploadPart | undefined>
  /** To be called when all were taken. @throws {QuiltError} `conflict` when a source changed while it was read */
  check(): Promise<void>
  close(): Promise<void>
}

export interface PartsOptions {
  readonly budget: ByteBudget
  readonly signal?: AbortSignal | undefined
}

/** Opens a body. Its parts are those of its Quilt hash (formats.md 4.2). */
export async function openParts(body: UploadBody, options: PartsOptions): Promise<UploadParts> {
  if (body instanceof Uint8Array) {
    return partsRead(
      body.byteLength,
      options,
      async (start, length) => new Uint8Array(body.subarray(start, start + length)),
    )
  }
  if ('body' in body) return partsOfStream(body, options)
  const content = await body.open()
  const parts = partsRead(body.size, options, async (start, length) => {
    const bytes = new Uint8Array(length)
    await content.read(bytes, start, options.signal)
    return bytes
  })
  return { ...parts, check: async () => content.check?.(), close: () => content.close() }
}

type ReadPart = (start: number, length: number) => Promise<Uint8Array<ArrayBuffer>>

function partsRead(size: number, { budget, signal }: PartsOptions, read: ReadPart): UploadParts {
  const partSize = partSizeBytes(size)
  const count = Math.ceil(size / partSize)
  let taken = 0
  return {
    async take() {
      if (taken === count) return undefined
      const start = taken * partSize
      const length = Math.min(partSize, size - start)
      taken += 1
      const number = taken
      const release = await budget.take(length, signal)
      try {
        return { number, bytes: await read(start, length), release }
      } catch (error) {
        release()
        throw error
      }
    },
    check: async () => {},
    close: async () => {},
  }
}

/** Each part waits for the one before it: a stream has only one place. */
function partsOfStream({ size, body }: StreamedBytes, { budget, signal }: PartsOptions): UploadParts {
  const partSize = partSizeBytes(size)
  const stream = body[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  let received = 0
  let number = 0
  let before: Promise<unknown> = Promise.resolve()

  const nextChunk = async (): Promise<Uint8Array | undefined> => {
    const next = await stream.next()
    if (next.done === true) return undefined
    received += next.value.byteLength
    if (received > size) throw notOfItsSize(received, size)
    return next.value
  }
  const takeNext = async (): Promise<UploadPart | undefined> => {
    const length = Math.min(partSize, size - number * partSize)
    if (length <= 0) {
      while ((await nextChunk()) !== undefined);
      return undefined
    }
    const release = await budget.take(length, signal)
    try {
      const bytes = new Uint8Array(length)
      for (let filled = 0; filled < length; ) {
        if (rest.byteLength === 0) {
          const chunk = await nextChunk()
          if (chunk === undefined) throw notOfItsSize(received, size)
          rest = chunk
        }
        const piece = rest.subarray(0, length - filled)
        bytes.set(piece, filled)
        filled += piece.byteLength
        rest = rest.subarray(piece.byteLength)
      }
      number += 1
      return { number, bytes, release }
    } catch (error) {
      release()
      throw error
    }
  }
  return {
    take() {
      const part = before.then(takeNext)
      before = part
      return part
    },
    check: async () => {},
    async close() {
      await stream.return?.()
    },
  }
}
