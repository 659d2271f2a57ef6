// Stores a manifest under its top hash, once. One that is there already is never rewritten (formats.md 3.1): a top hash says nothing
// of physical keys and directory metadata, so two pushes may differ in them and mean the same manifest.
import {
  createTopHash,
  type DirectoryMeta,
  type Entry,
  encodeManifestJson,
  isEmptyMeta,
  type ManifestHeader,
  manifestKey,
  openManifest,
  QuiltError,
  writeManifest,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { RegistryStore, StoredBytes } from '../stores/registry-store.js'

/** What a new manifest holds. */
export interface ManifestDraft {
  readonly header: ManifestHeader
  /** In tree order. */
  readonly directories: readonly DirectoryMeta[]
  /** In tree order. */
  readonly entries: readonly Entry[]
}

/** A draft that was measured. */
export interface MeasuredManifest extends ManifestDraft {
  readonly topHash: string
  /** Bytes. */
  readonly size: number
}

const entriesInBatch = 1_000

/** @throws {QuiltError} `invalid_input` for what a manifest cannot hold */
export async function measureManifest(draft: ManifestDraft): Promise<MeasuredManifest> {
  const topHash = createTopHash(draft.header)
  for (const entry of draft.entries) topHash.update(entry)
  let size = 0
  for await (const chunk of bytesOf(draft)) size += chunk.length
  return { ...draft, topHash: topHash.digest(), size }
}

/** What became of a manifest that was to be stored. */
export interface StoredManifestOutcome {
  /** Whether there was one of that top hash; it was kept as it is. */
  readonly existed: boolean
  /** Entries that it has at other places than the draft. */
  readonly otherPlaces: number
}

/** Stores the manifest, unless there is one of that top hash.
 * @throws {QuiltError} `conflict` when the stored one differs in more than that */
export async function storeManifest(
  store: RegistryStore,
  manifest: MeasuredManifest,
  options: CallOptions = {},
): Promise<StoredManifestOutcome> {
  const { signal } = options
  const existing = async (stored: StoredBytes): Promise<StoredManifestOutcome> => ({
    existed: true,
    otherPlaces: await differingPlaces(stored, manifest, options),
  })
  const key = manifestKey(manifest.topHash)
  const found = await store.read(key, { signal })
  if (found !== undefined) return existing(found)
  try {
    await store.write(key, { size: manifest.size, body: bytesOf(manifest) }, { expected: null, signal })
    return { existed: false, otherPlaces: 0 }
  } catch (error) {
    if (!(error instanceof QuiltError && error.code === 'conflict')) throw error
    const other = await store.read(key, { signal })
    if (other === undefined) throw error
    return existing(other)
  }
}

function bytesOf({ header, directories, entries }: ManifestDraft): AsyncGenerator<Uint8Array, void, undefined> {
  return writeManifest({ header, directories, entries: batchesOf(entries) })
}

function* batchesOf(entries: readonly Entry[]): Generator<readonly Entry[]> {
  for (let from = 0; from < entries.length; from += entriesInBatch) yield entries.slice(from, from + entriesInBatch)
}

/** Compares line by line, in whatever order and spacing the stored manifest is written. */
async function differingPlaces(
  stored: Pick<StoredBytes, 'body'>,
  { topHash, directories, entries }: MeasuredManifest,
  { signal }: CallOptions,
): Promise<number> {
  const ours = new Map(entries.map((entry) => [entry.logicalKey, entry]))
  const kept = new Map(
    directories
      .filter(({ meta }) => !isEmptyMeta(meta))
      .map(({ logicalKey, meta }) => [logicalKey, encodeManifestJson(meta)]),
  )
  let places = 0
  let known = 0
  let directoriesKnown = 0
  for await (const batch of (await openManifest(stored.body, { signal })).lines) {
    for (const { logicalKey, meta } of batch.directories) {
      if (kept.get(logicalKey) !== encodeManifestJson(meta)) throw otherManifest(topHash, `metadata of ${logicalKey}`)
      directoriesKnown += 1
    }
    for (const entry of batch.entries) {
      const own = ours.get(entry.logicalKey)
      if (own === undefined || own.size !== entry.size || own.hash.value !== entry.hash.value)
        throw otherManifest(topHash, `entry ${entry.logicalKey}`)
      known += 1
      if (own.physicalKey !== entry.physicalKey) places += 1
    }
  }
  if (directoriesKnown !== kept.size) throw otherManifest(topHash, 'metadata of directories')
  if (known !== ours.size) throw otherManifest(topHash, 'number of entries')
  return places
}

function otherManifest(topHash: string, what: string): QuiltError {
  return new QuiltError(
    'conflict',
    `The registry has a manifest of the top hash ${topHash.slice(0, 10)} with another ${what}; nothing was written`,
    {
      hint: 'Push again with another message: that makes another top hash, and a manifest of its own.',
      details: { topHash, differs: what },
    },
  )
}
