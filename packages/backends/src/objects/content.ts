// Bytes to be written: in memory, or in a file that is read when they are wanted.
import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { createChunkedSha256, type ObjectHash, partSizeBytes, QuiltError } from '@quilt-mcp/core'
import type { StreamedBytes } from '../packages/stores/registry-store.js'
import type { ContentSource, ObjectContent } from './port.js'
import type { UploadBody } from './upload-parts.js'

/** A file of this machine as content. @throws what the file system throws when there is none */
export async function fileContent(path: string): Promise<ContentSource> {
  const found = await stat(path)
  const fingerprint = fingerprintOf(path, found)
  return {
    size: found.size,
    fingerprint,
    readNow() {
      const file = openSync(path, 'r')
      try {
        const bytes = readFileSync(file)
        if (fingerprintOf(path, fstatSync(file)) !== fingerprint) throw changedMeanwhile(path)
        return bytes
      } finally {
        closeSync(file)
      }
    },
    async open() {
      const file = await open(path)
      const check = async () => {
        if (fingerprintOf(path, await file.stat()) !== fingerprint) throw changedMeanwhile(path)
      }
      try {
        await check()
      } catch (error) {
        await file.close()
        throw error
      }
      return { read: (into, start) => fillFromFile(file, { into, start, path }), check, close: () => file.close() }
    },
  }
}

/** Of a file and its content, as far as that can be told without reading it. */
function fingerprintOf(path: string, { ino, size, mtimeMs, ctimeMs }: Stats): string {
  return JSON.stringify([path, ino, size, mtimeMs, ctimeMs])
}

/** The error of a file that is another one after it was read than before. */
function changedMeanwhile(path: string): QuiltError {
  return new QuiltError('conflict', `${JSON.stringify(path)} changed while it was read; nothing was written`, {
    hint: 'Wait until nothing writes to it, then try again.',
    retryable: true,
    details: { path },
  })
}

interface Piece {
  readonly into: Uint8Array
  readonly start: number
  readonly path: string
}

/** @throws {QuiltError} `partial` when the file became shorter */
export async function fillFromFile(file: FileHandle, { into, start, path }: Piece): Promise<void> {
  for (let filled = 0; filled < into.length; ) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, start + filled)
    if (bytesRead === 0) {
      throw new QuiltError('partial', `${JSON.stringify(path)} became shorter while it was read`, {
        hint: 'Wait until nothing writes to it, then try again.',
        details: { path, end: start + filled },
      })
    }
    filled += bytesRead
  }
}

/** `sha2-256-chunked` of few bytes. */
export function hashNow(bytes: Uint8Array): ObjectHash {
  const hash = createChunkedSha256(bytes.byteLength)
  hash.update(bytes)
  return hash.digest()
}

/** How many bytes there are. */
export const contentSize = (content: UploadBody): number =>
  content instanceof Uint8Array ? content.byteLength : content.size

/** The bytes one part after the other. */
export function contentBytes(content: ObjectContent): Uint8Array | StreamedBytes {
  return content instanceof Uint8Array ? content : { size: content.size, body: partsOf(content) }
}

async function* partsOf({ size, open: opened }: ContentSource): AsyncGenerator<Uint8Array, void, undefined> {
  const content = await opened()
  try {
    const partSize = partSizeBytes(size)
    for (let at = 0; at < size; at += partSize) {
      const part = new Uint8Array(Math.min(partSize, size - at))
      await content.read(part, at)
      yield part
    }
    // Before the end: who writes all or nothing writes nothing then.
    await content.check?.()
  } finally {
    await content.close()
  }
}
