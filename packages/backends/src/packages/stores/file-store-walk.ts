// The files below a prefix in the order of an object store: by the bytes of the whole key, not folder by folder.
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { QuiltError } from '@quilt-mcp/core'
import { checkIsData, unlessAbsent } from '../../objects/file-address.js'
import { workFolder } from './file-store-write.js'
import type { ListedKey } from './registry-store.js'

/** What is walked. */
export interface WalkOptions {
  readonly root: string
  /** What the keys begin with. */
  readonly prefix: string
  /** Only keys behind this one. */
  readonly after?: string | undefined
  /** Leave out what lies below `.quilt`, and links that lead out of the root. */
  readonly dataOnly: boolean
  readonly signal?: AbortSignal | undefined
}

const largestBatch = 512
/** Longer than any name: behind every key in a folder. */
const behindAll = '\u{10ffff}'.repeat(64)

/** What comes behind all keys in a folder, as `after`. @param folder ends in `/` */
export function behindFolder(folder: string): string {
  return folder + behindAll
}

/** All keys, in batches that grow: who wants one only waits for few. Links to files are followed, links to folders are not entered. */
export async function* walkKeys(options: WalkOptions): AsyncGenerator<readonly ListedKey[], void, undefined> {
  for await (const keys of growingBatches(keysBelow(options))) {
    options.signal?.throwIfAborted()
    const looks = await Promise.all(keys.map((key) => look(key, options)))
    const found = looks.filter((listed) => listed !== undefined)
    if (found.length > 0) yield found
  }
}

async function* growingBatches(keys: AsyncIterable<string>): AsyncGenerator<readonly string[], void, undefined> {
  let size = 1
  let batch: string[] = []
  for await (const key of keys) {
    batch.push(key)
    if (batch.length < size) continue
    yield batch
    batch = []
    size = Math.min(size * 2, largestBatch)
  }
  if (batch.length > 0) yield batch
}

/** The names one level below a prefix: folders with `/` at their end. */
export async function namesBelow(root: string, prefix: string): Promise<readonly string[]> {
  return (await itemsIn(root, prefix)).map(({ name }) => name)
}

async function* keysBelow({ root, prefix, after, dataOnly }: WalkOptions): AsyncGenerator<string, void, undefined> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const first = (await itemsIn(root, folder)).map(({ name }) => `${folder}${name}`)
  // A stack: the next key is its last.
  const toCome = first.filter((key) => key.startsWith(prefix)).reverse()
  for (let key = toCome.pop(); key !== undefined; key = toCome.pop()) {
    if (after !== undefined && isBehindUs(key, after)) continue
    if (!key.endsWith('/')) yield key
    else if (!dataOnly || key.toLowerCase() !== '.quilt/')
      for (const { name } of (await itemsIn(root, key)).reverse()) toCome.push(`${key}${name}`)
  }
}

/** Whether a key, or all keys in a folder, come before or at `after`. */
function isBehindUs(key: string, after: string): boolean {
  if (key.endsWith('/') && after.startsWith(key)) return after === behindFolder(key)
  return Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0
}

interface Item {
  readonly name: string
  readonly bytes: Buffer
}

/** What lies in a folder, in order; nothing when there is no such folder. */
async function itemsIn(root: string, folder: string): Promise<Item[]> {
  const parts = folder.split('/').slice(0, -1)
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return []
  const found = (await unlessAbsent(readdir(join(root, ...parts), { withFileTypes: true }))) ?? []
  return found
    .filter((item) => `${folder}${item.name}` !== workFolder)
    .map(itemOf)
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
}

function itemOf(found: Dirent): Item {
  const name = found.isDirectory() ? `${found.name}/` : found.name
  return { name, bytes: Buffer.from(name) }
}

async function look(key: string, { root, dataOnly }: WalkOptions): Promise<ListedKey | undefined> {
  const path = join(root, ...key.split('/'))
  const found = await unlessAbsent(stat(path))
  if (found === undefined || !found.isFile()) return undefined
  if (dataOnly && !(await isData(root, path))) return undefined
  return { key, size: found.size, modified: found.mtime.toISOString() }
}

async function isData(root: string, path: string): Promise<boolean> {
  try {
    await checkIsData(root, path)
    return true
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'forbidden') return false
    throw error
  }
}
