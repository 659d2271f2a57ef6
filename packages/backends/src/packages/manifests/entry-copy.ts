// Copies the bytes of one entry into a registry, for a package that is made again there.
import { type Entry, emptyJsonObject, parsePhysicalKey, QuiltError, type S3PhysicalKey } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { RegistryStore, StoredInfo } from '../stores/registry-store.js'
import { storedUrl } from './stored-text.js'

/** Copies an object without its bytes coming here. Undefined when it cannot: then they are read and written.
 * @param size of the object in bytes */
export type CopyInside = (
  copy: { readonly from: S3PhysicalKey; readonly to: S3PhysicalKey; readonly size: number },
  options: CallOptions,
) => Promise<{ readonly versionId?: string } | undefined>

export interface EntryCopyDeps {
  readonly entries: EntryObjects
  readonly copyInside?: CopyInside | undefined
}

/** What is copied, and to which key. */
export interface EntryCopy {
  readonly store: RegistryStore
  readonly key: string
  readonly entry: Entry
}

/** The entry at its new place, hash and metadata as they were. An object that is there already is used when it has the same content.
 * @throws {QuiltError} `conflict` when there is another one and the store keeps no versions; otherwise as reading and writing */
export async function copyEntry(
  { entries: objects, copyInside }: EntryCopyDeps,
  { store, key, entry }: EntryCopy,
  { signal }: CallOptions = {},
): Promise<Entry> {
  const at = (versionId: string | undefined): Entry => ({ ...entry, physicalKey: storedUrl(store, key, versionId) })
  const existing = await store.info(key, { signal })
  if (existing !== undefined && (await isSame(objects, { store, key, entry }, existing, signal)))
    return at(existing.versionId)
  if (existing !== undefined && existing.versionId === undefined) throw taken(store, key)
  const from = parsePhysicalKey(entry.physicalKey)
  const to = parsePhysicalKey(storedUrl(store, key))
  if (copyInside !== undefined && from.kind === 's3' && to.kind === 's3') {
    const copied = await copyInside({ from, to, size: entry.size }, { signal })
    if (copied !== undefined) return at(copied.versionId)
  }
  const { body, size } = await objects.read(entry, { signal })
  if (size !== entry.size) {
    throw new QuiltError(
      'conflict',
      `${entry.physicalKey} has ${size} bytes, but ${entry.size} when the package was made`,
      {
        hint: 'Make a new revision of the package, then promote that.',
        details: { logicalKey: entry.logicalKey, expected: entry.size, found: size },
      },
    )
  }
  const written = await store.write(
    key,
    { size, body },
    { signal, ...(existing === undefined ? { expected: null } : {}) },
  )
  return at(written.versionId)
}

/** Whether the object at the key has the content of the entry, as far as its hash tells. */
async function isSame(
  objects: EntryObjects,
  { store, key, entry }: EntryCopy,
  { size, versionId }: StoredInfo,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (size !== entry.size) return false
  const physicalKey = storedUrl(store, key, versionId)
  const outcome = await objects.facts({ logicalKey: entry.logicalKey, physicalKey, meta: emptyJsonObject }, { signal })
  if ('failure' in outcome) return false
  const { hash } = outcome.facts
  return hash.type === entry.hash.type && hash.value === entry.hash.value
}

function taken(store: RegistryStore, key: string): QuiltError {
  return new QuiltError(
    'conflict',
    `${storedUrl(store, key)} exists with another content, and no versions are kept there`,
    {
      hint: 'Promote with another prefix, so that older packages keep their bytes.',
      details: { key },
    },
  )
}
