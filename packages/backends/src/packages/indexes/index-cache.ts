// Compact indexes of manifests, built once: in memory, and in a folder if one is given. One cache serves all backends of a
// process, whoever they belong to; decision 0007 says why that is safe.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import {
  buildManifestIndex,
  type ManifestIndex,
  openManifestIndex,
  openManifestIndexFrom,
  QuiltError,
} from '@quilt-mcp/core'
import { LRUCache } from 'lru-cache'
import type { CallOptions } from '../../call-options.js'
import { type IndexFiles, indexFiles } from './index-files.js'
import { JoinedFailure, sharedWork, type WorkOptions } from './shared-work.js'

/** What identifies the bytes of a manifest. Length and version come from a look at it with the caller's own rights: who
 * may not look at a manifest cannot name its index. */
export interface ManifestIdentity {
  /** Where the registry is: `s3://bucket` or `file:///folder`. */
  readonly registry: string
  readonly topHash: string
  /** Length of the manifest in bytes. */
  readonly length: number
  /** ETag, or time of the last change: a manifest can be rewritten under the same top hash (formats.md 3.1). */
  readonly version: string
}

/** Opens the manifest to be read from its beginning, with the rights of one caller. */
export type OpenManifestBytes = (options: CallOptions) => Promise<AsyncIterable<Uint8Array>>

export interface IndexCache {
  /** The index of a manifest, kept or built from its bytes; a build that is under way is shared.
   * @throws {QuiltError} as `buildManifestIndex`, or `partial` when the bytes have another length than they should */
  get(identity: ManifestIdentity, open: OpenManifestBytes, options?: CallOptions): Promise<ManifestIndex>
  /** Forgets an index that does not fit its manifest; a newer one stays. */
  drop(identity: ManifestIdentity, index: ManifestIndex): Promise<void>
}

export interface IndexCacheOptions {
  /** Folder of this user's caches. Absent: memory only. */
  readonly folder?: string | undefined
  /** Bytes on disk, also those that other processes put there. Default 1 GiB. */
  readonly maxBytes?: number | undefined
  /** Length of the shortest manifest whose index is worth a file, in bytes. Default 1 MiB. */
  readonly leastBytes?: number | undefined
  /** Bytes in memory. An index takes 15 to 20 for each entry. Default 64 MiB. */
  readonly maxMemoryBytes?: number | undefined
  /** Told why the folder could not be used; the cache goes on without it. */
  readonly onProblem?: ((error: unknown) => void) | undefined
}

const progressBytes = 4 * 1_048_576
/** What is held of a file: its pages last read, and their checksums. */
const bytesOfOpenFile = 4 * 1_048_576

/** Makes a cache. Nothing is read or written before the first look. */
export function createIndexCache({
  folder,
  maxBytes = 1_073_741_824,
  leastBytes = 1_048_576,
  maxMemoryBytes = 67_108_864,
  onProblem = () => {},
}: IndexCacheOptions = {}): IndexCache {
  const files: IndexFiles | undefined =
    folder === undefined ? undefined : indexFiles({ folder: join(folder, 'manifest-indexes'), maxBytes, onProblem })
  const memory = new LRUCache<string, { readonly index: ManifestIndex; readonly bytes: number }>({
    maxSize: maxMemoryBytes,
    sizeCalculation: ({ bytes }) => bytes,
  })
  const builds = sharedWork<ManifestIndex>()

  /** Of a file only what is looked at is read: damage in it may show later, as `internal`, to whoever drops the index then. */
  const load = async (key: string, { topHash, length }: ManifestIdentity): Promise<ManifestIndex | undefined> => {
    const file = length < leastBytes ? undefined : await files?.open(key)
    if (file === undefined) return undefined
    try {
      const index = openManifestIndexFrom(file, { topHash, manifestBytes: length })
      memory.set(key, { index, bytes: Math.min(file.length, bytesOfOpenFile) })
      return index
    } catch (error) {
      // Cut off, damaged, foreign: no index of this manifest.
      if (error instanceof QuiltError && error.code === 'internal' && error.retryable) return undefined
      throw error
    }
  }
  const build = async (
    key: string,
    { identity, open, options }: { identity: ManifestIdentity; open: OpenManifestBytes; options: WorkOptions },
  ): Promise<ManifestIndex> => {
    const source = counted(await open(options), identity.length, options)
    const bytes = await buildManifestIndex(source, { topHash: identity.topHash, signal: options.signal })
    const index = openManifestIndex(bytes, { topHash: identity.topHash })
    if (index.manifestBytes !== identity.length) throw otherLength(identity)
    memory.set(key, { index, bytes: bytes.length })
    if (identity.length >= leastBytes) await files?.write(key, bytes)
    return index
  }

  return {
    async get(identity, open, options = {}) {
      const key = keyOf(identity)
      for (;;) {
        const kept = memory.get(key)
        if (kept !== undefined) return kept.index
        try {
          const { value } = await builds.run(
            key,
            async (work) => (await load(key, identity)) ?? build(key, { identity, open, options: work }),
            options,
          )
          return value
        } catch (error) {
          if (!(error instanceof JoinedFailure)) throw error
          // The one who began it may have lost its rights meanwhile: that says nothing about this caller.
          if (!isAboutTheCaller(error.cause)) throw error.cause
        }
      }
    },
    async drop(identity, index) {
      const key = keyOf(identity)
      const kept = memory.peek(key)
      if (kept !== undefined && kept.index !== index) return
      memory.delete(key)
      await files?.remove(key)
    },
  }
}

const keyOf = ({ registry, topHash, length, version }: ManifestIdentity): string =>
  createHash('sha256')
    .update(JSON.stringify([registry, topHash, length, version]))
    .digest('hex')

const isAboutTheCaller = (error: unknown): boolean =>
  error instanceof QuiltError && ['forbidden', 'unauthenticated', 'not_found'].includes(error.code)

/** The same bytes; tells how many of them came. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  total: number,
  { onProgress }: WorkOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0
  let told = 0
  for await (const chunk of source) {
    done += chunk.length
    yield chunk
    if (done - told < progressBytes) continue
    told = done
    onProgress({ done, total, message: 'Reading the manifest' })
  }
}

function otherLength({ registry, topHash, length }: ManifestIdentity): QuiltError {
  return new QuiltError('partial', `The manifest ${topHash.slice(0, 10)} in ${registry} is not ${length} bytes long`, {
    hint: 'It was changed while it was read, or broke off; try again.',
    details: { registry, topHash },
  })
}
