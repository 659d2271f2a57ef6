// Stores a manifest under its top hash, once. One that is there already is never rewritten (formats.md 3.1): a top hash says nothing
// of physical keys and directory metadata, so two pushes may differ in them and mean the same manifest.
import {
  type DirectoryMeta,
  type Entry,
  encodeManifestJson,
  isEmptyMeta,
  manifestKey,
  openManifest,
  QuiltError,
} from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import type { RegistryStore, StoredBytes } from '../stores/registry-store.js'
import type { StagedManifest } from './staged-manifest.js'

/** What became of a manifest that was to be stored. */
export interface StoredManifestOutcome {
  /** Whether there was one of that top hash; it was kept as it is. */
  readonly existed: boolean
  /** Entries that it has at other places than the new one. */
  readonly otherPlaces: number
}

/** Stores the manifest, unless there is one of that top hash.
 * @throws {QuiltError} `conflict` when the stored one differs in more than that */
export async function storeManifest(
  store: RegistryStore,
  manifest: StagedManifest,
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
    await store.write(key, { size: manifest.size, body: manifest.bytes() }, { expected: null, signal })
    return { existed: false, otherPlaces: 0 }
  } catch (error) {
    if (!(error instanceof QuiltError && error.code === 'conflict')) throw error
    const other = await store.read(key, { signal })
    if (other === undefined) throw error
    return existing(other)
  }
}

/** Compares line by line, in whatever order and spacing the stored manifest is written. */
async function differingPlaces(
  stored: Pick<StoredBytes, 'body'>,
  manifest: StagedManifest,
  { signal }: CallOptions,
): Promise<number> {
  const { topHash } = manifest
  const checkDirectory = directoryCheck(manifest)
  const own = ownEntries(manifest)
  let places = 0
  try {
    for await (const batch of (await openManifest(stored.body, { signal })).lines) {
      for (const directory of batch.directories) checkDirectory.note(directory)
      for (const entry of batch.entries) {
        const ours = await own.take(entry.logicalKey)
        if (ours === undefined || ours.size !== entry.size || ours.hash.value !== entry.hash.value)
          throw otherManifest(topHash, `entry ${entry.logicalKey}`)
        if (ours.physicalKey !== entry.physicalKey) places += 1
      }
    }
    checkDirectory.end()
    if (!(await own.isEmpty())) throw otherManifest(topHash, 'number of entries')
  } finally {
    await own.close()
  }
  return places
}

function directoryCheck({ topHash, directories }: StagedManifest) {
  const kept = new Map(
    directories
      .filter(({ meta }) => !isEmptyMeta(meta))
      .map(({ logicalKey, meta }) => [logicalKey, encodeManifestJson(meta)]),
  )
  let known = 0
  return {
    note({ logicalKey, meta }: DirectoryMeta): void {
      if (kept.get(logicalKey) !== encodeManifestJson(meta)) throw otherManifest(topHash, `metadata of ${logicalKey}`)
      known += 1
    },
    end(): void {
      if (known !== kept.size) throw otherManifest(topHash, 'metadata of directories')
    },
  }
}

/** The entries of a manifest, taken by their keys: one after the other as long as they are asked for in order, which is how all but
 * foreign programs write them; what is passed over is held. */
function ownEntries(manifest: StagedManifest) {
  const skipped = new Map<string, Entry>()
  const entries = oneByOne(manifest)
  const next = async (): Promise<Entry | undefined> => (await entries.next()).value ?? undefined
  return {
    async take(logicalKey: string): Promise<Entry | undefined> {
      const held = skipped.get(logicalKey)
      if (held !== undefined) {
        skipped.delete(logicalKey)
        return held
      }
      for (;;) {
        const entry = await next()
        if (entry === undefined || entry.logicalKey === logicalKey) return entry
        skipped.set(entry.logicalKey, entry)
      }
    },
    isEmpty: async () => skipped.size === 0 && (await next()) === undefined,
    close: () => entries.return(),
  }
}

async function* oneByOne(manifest: StagedManifest): AsyncGenerator<Entry, void, undefined> {
  for await (const batch of (await openManifest(manifest.bytes())).lines) yield* batch.entries
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
