// Data files of a local registry, many small ones in a row. None is seen before a manifest names it, so they need no lock, and are made
// safe on disk together. What lies there is never replaced: older revisions name it, and a file has no versions.
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createHashOfType, createParallelSha256, type ObjectHash, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import { contentBytes, contentSize, hashNow } from '../../objects/content.js'
import { checkIsData, pathOfKey, urlOfPath } from '../../objects/file-address.js'
import { fileError, fileErrorCode } from '../../objects/file-error.js'
import { partsAtOnce } from '../../objects/parts-at-once.js'
import type { ObjectContent } from '../../objects/port.js'
import { fileStore } from './file-store.js'

/** Data that was written, or was there already. */
export interface WrittenData {
  readonly key: string
  /** Bytes. */
  readonly size: number
  readonly hash: ObjectHash
}

export interface DataFiles {
  /** Writes bytes below a folder of the registry (with its slash): to `<folder><name>`, or, when others lie there, to
   * `<folder>.others/<hash>/<name>`. @throws {QuiltError} `forbidden`, `invalid_input`, `upstream` as a store */
  write(folder: string, name: string, content: ObjectContent, signal?: AbortSignal): Promise<WrittenData>
  /** Makes all that was written survive a power cut. */
  settle(signal?: AbortSignal): Promise<void>
}

/** Up to here a file is read and written at once, without giving way to other work: it takes less time than a turn of the loop. */
const smallBytes = 65_536
/** From here on one request for the whole disk takes less time than one for each file. */
const manyFiles = 200
const syncsAtOnce = 16

/** @param root absolute path of the registry's directory */
export function dataFiles(root: string): DataFiles {
  const store = fileStore({ root, dataOnly: true })
  const sha256 = createParallelSha256({ concurrency: partsAtOnce() })
  const ready = new Map<string, Promise<void>>()
  /** Folders with new names in them. */
  const changed = new Set<string>()
  const written: string[] = []

  const made = (folder: string): Promise<void> => {
    const making = ready.get(folder) ?? make(folder)
    ready.set(folder, making)
    return making
  }
  const make = async (folder: string): Promise<void> => {
    await checkIsData(root, folder)
    const made = mkdirSync(folder, { recursive: true })
    for (let at = folder; made !== undefined && at !== dirname(made); at = dirname(at)) changed.add(dirname(at))
    changed.add(folder)
  }
  /** False when other bytes lie there. */
  const placeSmall = (path: string, bytes: Uint8Array): boolean => {
    const isThere = !writtenNow(path, bytes)
    if (isThere && !isHolding(path, bytes)) return false
    written.push(path)
    return true
  }
  const placeLarge = async (key: string, content: ObjectContent, hash: ObjectHash, signal?: AbortSignal) => {
    try {
      await store.write(key, contentBytes(content), { expected: null, signal })
      return true
    } catch (error) {
      if (!(error instanceof QuiltError) || error.code !== 'conflict') throw error
      const found = await store.read(key, { signal })
      if (found === undefined || found.size !== contentSize(content)) return false
      const running = createHashOfType(hash.type, found.size)
      for await (const chunk of found.body) running?.update(chunk)
      return running?.digest().value === hash.value
    }
  }
  const hashLarge = async (content: ObjectContent, signal?: AbortSignal): Promise<ObjectHash> => {
    if (content instanceof Uint8Array) return hashNow(content)
    const opened = await content.open()
    try {
      const hash = await sha256.hash(
        { size: content.size, fill: (into, start) => opened.read(into, start, signal) },
        signal,
      )
      await opened.check?.()
      return hash
    } finally {
      await opened.close()
    }
  }

  return {
    async write(folder, name, content, signal) {
      const size = contentSize(content)
      const bytes = size <= smallBytes ? bytesNow(content) : undefined
      const hash = bytes === undefined ? await hashLarge(content, signal) : hashNow(bytes)
      const digest = Buffer.from(hash.value, 'base64').toString('hex').slice(0, 32)
      for (const key of [`${folder}${name}`, `${folder}.others/${digest}/${name}`]) {
        const path = pathOfKey(root, key)
        try {
          if (bytes === undefined) {
            if (await placeLarge(key, content, hash, signal)) return { key, size, hash }
            continue
          }
          await made(dirname(path))
          if (placeSmall(path, bytes)) return { key, size, hash }
        } catch (error) {
          // A file where a folder must be: the other place has room.
          if (!inTheWay.has(fileErrorCode(error) ?? '')) throw fileError(error, `Writing ${urlOfPath(path)}`)
        }
      }
      throw noRoom(`${store.url}/${folder}${name}`)
    },

    async settle(signal) {
      const files = [...written]
      const folders = [...changed]
      written.length = 0
      if (files.length > manyFiles && (await diskSynced(root))) return
      const limit = pLimit(syncsAtOnce)
      await limit.map([...files, ...(process.platform === 'win32' ? [] : folders)], async (path) => {
        signal?.throwIfAborted()
        await syncFile(path)
      })
    },
  }
}

const inTheWay: ReadonlySet<string> = new Set(['ENOTDIR', 'EEXIST', 'EISDIR'])

function bytesNow(content: ObjectContent): Uint8Array | undefined {
  return content instanceof Uint8Array ? content : content.readNow?.()
}

/** False when there is something of that name. Bytes that are cut off stay unseen: no manifest names them. */
function writtenNow(path: string, bytes: Uint8Array): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

function isHolding(path: string, bytes: Uint8Array): boolean {
  const found = statSync(path)
  return found.isFile() && found.size === bytes.byteLength && readFileSync(path).equals(bytes)
}

/** Asks the system to write the disk of a folder, once for all files. False where it cannot be asked. */
async function diskSynced(folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  return new Promise((resolve) => {
    const sync = spawn('sync', ['-f', folder], { stdio: 'ignore' })
    sync.on('error', () => resolve(false))
    sync.on('exit', (code) => resolve(code === 0))
  })
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function noRoom(url: string): QuiltError {
  return new QuiltError('conflict', `${url}: other files are in the way, there and beside it; nothing was written`, {
    hint: 'Choose another path in the package, or another package name.',
  })
}
