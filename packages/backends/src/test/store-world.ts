import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ListedKey, RegistryStore } from '../packages/stores/registry-store.js'
import { bytesOf } from './collect.js'

/** A directory that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quilt-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The text under a key; undefined when there is none. */
export async function textAt(store: RegistryStore, key: string): Promise<string | undefined> {
  const found = await store.read(key)
  return found === undefined ? undefined : (await bytesOf(found.body)).toString()
}

/** All items of a list. */
export async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = []
  for await (const batch of batches) items.push(...batch)
  return items
}

/** All keys below a prefix. */
export async function keysOf(store: RegistryStore, prefix = '', after?: string): Promise<readonly string[]> {
  return (await all<ListedKey>(store.list(prefix, { after }))).map(({ key }) => key)
}

/** Bytes in chunks, as from a stream. */
export async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const text of texts) yield Buffer.from(text)
}
