// A store in a temporary folder, for tests that look at the folder, too.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDatabase } from '../database.js'
import { openDiskStore } from '../disk-store.js'
import type { ObjectStore, PutObjectInput, StoredVersion } from '../object-store.js'

export interface StoreFolder {
  readonly dataDir: string
  readonly db: Db
  readonly store: ObjectStore
  /** Puts into the bucket `alpha`. */
  put(key: string, text: string, more?: Partial<PutObjectInput>): Promise<StoredVersion>
  /** Paths of the files with bytes, of whole objects and of writes under way. */
  files(): readonly string[]
  /** Closes and opens again. @param between what happens meanwhile */
  reopen(between?: (db: Db) => void): void
  remove(): void
}

export function openFolder(): StoreFolder {
  const dataDir = mkdtempSync(join(tmpdir(), 'quilt-store-'))
  const opened = () => {
    const db = openDatabase(join(dataDir, 'stack.db'))
    return { db, store: openDiskStore({ db, dataDir }) }
  }
  let now = opened()
  return {
    dataDir,
    get db() {
      return now.db
    },
    get store() {
      return now.store
    },
    put: (key, text, more = {}) => now.store.put({ bucket: 'alpha', key, body: Buffer.from(text), ...more }),
    files: () =>
      readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name)),
    reopen(between) {
      now.store.close()
      between?.(now.db)
      now.db.close()
      now = opened()
    },
    remove() {
      now.store.close()
      now.db.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

export async function textOf(
  store: ObjectStore,
  version: StoredVersion | undefined,
  range?: { readonly first: number; readonly last: number },
): Promise<string> {
  const chunks: Uint8Array[] = []
  if (version !== undefined) for await (const chunk of store.read(version, range)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A body that comes in parts, and fails where one is an error. */
export async function* body(...parts: readonly (string | Error)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield Buffer.from(part)
  }
}
