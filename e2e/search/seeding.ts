// Puts the sample catalogue into a local registry and into a stack, without pushing it package by package.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openDatabase } from '../../packages/stack/src/store/database.js'
import { openDiskStore } from '../../packages/stack/src/store/disk-store.js'
import type { RegistryFile } from './registry-files.js'

const atOnce = 16

/** Writes files into the folder of a local registry. */
export async function seedFolder(root: string, files: Iterable<RegistryFile>): Promise<void> {
  const folders = new Set<string>()
  await eachOf(files, async ({ key, bytes }) => {
    const path = join(root, key)
    const folder = dirname(path)
    if (!folders.has(folder)) await mkdir(folder, { recursive: true })
    folders.add(folder)
    await writeFile(path, bytes)
  })
}

/** Puts objects into a bucket of a stack that is not running, by the stack's own store. */
export async function seedBucket(dataDir: string, bucket: string, files: Iterable<RegistryFile>): Promise<void> {
  const db = openDatabase(join(dataDir, 'stack.db'))
  const store = openDiskStore({ db, dataDir })
  await eachOf(files, async ({ key, bytes }) => {
    await store.put({ bucket, key, body: bytes })
  })
  store.close()
  db.close()
}

/** Some at a time. */
async function eachOf(files: Iterable<RegistryFile>, work: (file: RegistryFile) => Promise<void>): Promise<void> {
  const queue = files[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
