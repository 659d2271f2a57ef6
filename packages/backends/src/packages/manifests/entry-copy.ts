// Copies the bytes of one entry into a registry, for a package that is made there.
import { type ObjectHash, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { type EntryObjects, entryFacts, type FoundEntry } from '../../objects/entry-facts.js'
import type { CopiedObject, S3Copy } from '../../objects/s3-copy.js'
import type { Placed } from '../pushing/complete.js'
import type { RegistryStore, StoredInfo } from '../stores/registry-store.js'
import { storedUrl } from './stored-text.js'

/** Copies an object without its bytes coming here. */
export type CopyInside = (copy: S3Copy, options: CallOptions) => Promise<CopiedObject>

export interface EntryCopyDeps {
  readonly entries: EntryObjects
  readonly copyInside?: CopyInside | undefined
}

/** What is copied, and to which key. */
export interface EntryCopy {
  readonly store: RegistryStore
  readonly key: string
  readonly logicalKey: string
  readonly found: FoundEntry
  /** Whether there may be an object at the key already. */
  readonly mayExist: boolean
}

/** Where the bytes are then, and their hash: that which was known, if it was. An object that is there already is used when it has the
 * same content.
 * @throws {QuiltError} `conflict` when there is another one and the store keeps no versions; otherwise as reading and writing */
export async function copyEntry(
  { entries: objects, copyInside }: EntryCopyDeps,
  { store, key, logicalKey, found, mayExist }: EntryCopy,
  { signal }: CallOptions = {},
): Promise<Placed> {
  const { physicalKey, size } = found
  const at = (versionId: string | undefined, hash: ObjectHash): Placed => ({
    physicalKey: storedUrl(store, key, versionId),
    size,
    hash,
  })
  const hashed = () => objects.hash(found, { signal })
  const existing = mayExist ? await store.info(key, { signal }) : undefined
  if (existing !== undefined && existing.size === size) {
    const hash = await hashed()
    if (await isSame(objects, { store, key, hash, existing }, signal)) return at(existing.versionId, hash)
  }
  if (existing !== undefined && existing.versionId === undefined) throw taken(store, key)
  const from = parsePhysicalKey(physicalKey)
  const to = parsePhysicalKey(storedUrl(store, key))
  if (copyInside !== undefined && from.kind === 's3' && to.kind === 's3') {
    const copied = await copyInside({ from, to, size, wantsHash: found.hash === undefined }, { signal })
    return at(copied.versionId, found.hash ?? copied.hash ?? (await hashed()))
  }
  const hash = await hashed()
  const { body, size: bytes } = await objects.read({ logicalKey, physicalKey, size, hash }, { signal })
  if (bytes !== size) throw otherSize({ logicalKey, physicalKey }, size, bytes)
  const written = await store.write(
    key,
    { size, body },
    { signal, ...(existing === undefined ? { expected: null } : {}) },
  )
  return at(written.versionId, hash)
}

interface Existing {
  readonly store: RegistryStore
  readonly key: string
  readonly hash: ObjectHash
  readonly existing: StoredInfo
}

/** Whether the object at the key has the content of the entry, as far as its hash tells. */
async function isSame(
  objects: EntryObjects,
  { store, key, hash, existing: { versionId } }: Existing,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const outcome = await entryFacts(
    objects,
    { logicalKey: key, physicalKey: storedUrl(store, key, versionId) },
    { signal },
  )
  if ('failure' in outcome) return false
  return outcome.facts.hash.type === hash.type && outcome.facts.hash.value === hash.value
}

function otherSize(
  { logicalKey, physicalKey }: { readonly logicalKey: string; readonly physicalKey: string },
  expected: number,
  found: number,
): QuiltError {
  return new QuiltError('conflict', `${physicalKey} has ${found} bytes, but ${expected} when the package was made`, {
    hint: 'Make a new revision of the package, then promote that.',
    details: { logicalKey, expected, found },
  })
}

function taken(store: RegistryStore, key: string): QuiltError {
  return new QuiltError(
    'conflict',
    `${storedUrl(store, key)} exists with another content, and no versions are kept there`,
    {
      hint: 'Choose another prefix or package name, so that older packages keep their bytes.',
      details: { key },
    },
  )
}
