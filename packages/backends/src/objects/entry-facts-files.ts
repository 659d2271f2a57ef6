// Entries of a local registry: files, below its directory or, in packages that quilt3 made, anywhere on this machine.
import { join } from 'node:path'
import {
  checkedPlace,
  chunkedSha256,
  createHashOfType,
  createParallelSha256,
  entryNotFetched,
  type FilePhysicalKey,
  formatPhysicalKey,
  parsePhysicalKey,
  QuiltError,
  type S3PhysicalKey,
} from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import { fileBytes } from '../packages/stores/file-store-read.js'
import type { ReadStoredOptions, RegistryStore, StoredBytes } from '../packages/stores/registry-store.js'
import { type EntryObjects, type FoundEntry, fillFrom, foundFor } from './entry-facts.js'
import { keyOfPath, pathOfKey, urlOfPath } from './file-address.js'
import { fileError } from './file-error.js'
import { partsAtOnce } from './parts-at-once.js'
import type { ObjectBody } from './port.js'
import { type SmallFiles, smallFileBytes, smallFiles } from './small-file.js'

/** One local registry as a bucket. */
export interface LocalBucket {
  readonly name: string
  /** Absolute path of its directory. */
  readonly root: string
  /** Of its data only. */
  readonly store: RegistryStore
}

/** The entries of local registries. New entries must lie below one of them, or be files that the plan says may be read. */
export function fileEntries(buckets: readonly LocalBucket[]): EntryObjects {
  const sha256 = createParallelSha256({ concurrency: partsAtOnce() })
  const small = smallFiles()

  return {
    look(entry, { signal } = {}) {
      const checked = checkedPlace(entry)
      if ('failure' in checked) return checked
      const { place } = checked
      const { size, hash } = entry
      const at = place.kind === 'file' ? fileOf(buckets, place) : bucketFileOf(buckets, place)
      const isForeign = at === undefined || at.bucket === undefined
      // What a stored manifest names may lie anywhere: it is not read again when a package is changed.
      if (size !== undefined && hash !== undefined && (isForeign || place.kind === 'file'))
        return { found: { physicalKey: formatPhysicalKey(place), size, hash } }
      if (at === undefined || (isForeign && entry.mayReadFile !== true))
        return { failure: entryNotFetched(entry, 'it does not lie in this local registry; copy it there first') }
      if (place.kind === 's3' && place.versionId !== undefined)
        return { failure: entryNotFetched(entry, 'NoSuchVersion') }
      signal?.throwIfAborted()
      // A key of a bucket may hold parts that are refused where it becomes a path.
      const isKnown = isForeign || (place.kind === 'file' && small.isData(at.path))
      const now = isKnown ? small.read(at.path) : undefined
      if (now !== undefined) return foundFor(entry, { physicalKey: urlOfPath(at.path), ...now })
      return lookAt(at, small, signal).then((found) =>
        typeof found === 'string' ? { failure: entryNotFetched(entry, found) } : foundFor(entry, found),
      )
    },

    async hash({ physicalKey, size, hash, etag }, { signal } = {}) {
      if (hash !== undefined) return hash
      const place = parsePhysicalKey(physicalKey)
      if (place.kind === 's3') throw gone(physicalKey)
      const at = fileOf(buckets, place)
      const fill = async (into: Uint8Array, start: number) => {
        const part = await readAt(at, { range: { first: start, last: start + into.length - 1 }, ifMatch: etag, signal })
        if (part === undefined) throw gone(physicalKey)
        await fillFrom(into, part.body)
      }
      return sha256.hash({ size, fill }, signal)
    },

    async read(entry, options = {}) {
      const { logicalKey, physicalKey, size } = entry
      const place = parsePhysicalKey(physicalKey)
      if (place.kind === 's3') {
        throw new QuiltError(
          'unsupported',
          `${logicalKey} lies in ${physicalKey}, which a local registry cannot read`,
          {
            hint: 'Sign in with quilt-mcp login, or set up AWS credentials, to read objects of buckets.',
          },
        )
      }
      const body = await readFile(buckets, place, options)
      if (body === undefined) throw gone(physicalKey)
      if (body.size !== size) throw changed(entry, `has ${body.size} bytes, but ${size}`)
      return options.range === undefined ? { ...body, body: verified(body.body, entry) } : body
    },
  }
}

type ReadEntry = Parameters<EntryObjects['read']>[0]

/** There are no versions to read by: only their hash tells that bytes of the same length are others. */
async function* verified(
  body: AsyncIterable<Uint8Array>,
  entry: ReadEntry,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = entry.hash && createHashOfType(entry.hash.type, entry.size)
  for await (const chunk of body) {
    hash?.update(chunk)
    yield chunk
  }
  if (hash !== undefined && hash.digest().value !== entry.hash?.value) throw changed(entry, 'has other bytes than')
}

function changed({ logicalKey, physicalKey, size }: ReadEntry, how: string): QuiltError {
  return new QuiltError('conflict', `${physicalKey} ${how} when the package was made`, {
    hint: 'Bring the file back as it was, or make a new revision with package_update.',
    details: { logicalKey, size },
    nextTools: ['package_update'],
  })
}

/** A file, and the registry that it lies in. */
interface RegistryFile {
  /** Undefined for a file elsewhere on this machine. */
  readonly bucket: LocalBucket | undefined
  readonly key: string
  readonly path: string
}

function fileOf(buckets: readonly LocalBucket[], { path }: FilePhysicalKey): RegistryFile {
  for (const bucket of buckets) {
    const key = keyOfPath(bucket.root, path)
    if (key !== undefined) return { bucket, key, path }
  }
  return { bucket: undefined, key: path, path }
}

/** Undefined for an object of a bucket that is no registry of this machine. */
function bucketFileOf(buckets: readonly LocalBucket[], { bucket: name, key }: S3PhysicalKey): RegistryFile | undefined {
  const bucket = buckets.find((one) => one.name === name)
  return bucket && { bucket, key, path: join(bucket.root, ...key.split('/')) }
}

/** Of a registry's file only what is its data. */
function readAt({ bucket, key, path }: RegistryFile, options: ReadStoredOptions): Promise<StoredBytes | undefined> {
  if (bucket !== undefined) return bucket.store.read(key, options)
  return fileBytes(path, options).catch((error: unknown) => {
    throw fileError(error, `Reading ${urlOfPath(path)}`)
  })
}

/** What is there, or why it cannot be told. */
async function lookAt(
  at: RegistryFile,
  small: SmallFiles,
  signal: AbortSignal | undefined,
): Promise<FoundEntry | string> {
  try {
    if (at.bucket !== undefined) await small.checkFolder(at.bucket.root, pathOfKey(at.bucket.root, at.key))
    const now = small.read(at.path)
    if (now !== undefined) return { physicalKey: urlOfPath(at.path), ...now }
    const found = await readAt(at, { signal })
    if (found === undefined) return 'NoSuchKey'
    const { size, etag } = found
    const physicalKey = urlOfPath(at.bucket === undefined ? at.path : pathOfKey(at.bucket.root, at.key))
    return size > smallFileBytes
      ? { physicalKey, size, etag }
      : { physicalKey, size, etag, hash: await chunkedSha256(found.body, size) }
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'forbidden') return 'AccessDenied'
    if (error instanceof QuiltError && error.code === 'invalid_input') return error.message
    throw error
  }
}

async function readFile(
  buckets: readonly LocalBucket[],
  place: FilePhysicalKey,
  { range, signal }: CallOptions & { readonly range?: { readonly first: number; readonly last?: number } | undefined },
): Promise<ObjectBody | undefined> {
  const { bucket, key } = fileOf(buckets, place)
  try {
    const found = await fileBytes(place.path, { range, signal })
    if (found === undefined) return undefined
    const last = Math.min(range?.last ?? found.size - 1, found.size - 1)
    return {
      ...found,
      bucket: bucket?.name ?? buckets[0]?.name ?? 'local',
      key,
      ...(range === undefined ? {} : { range: { first: range.first, last } }),
    }
  } catch (error) {
    throw fileError(error, `Reading ${urlOfPath(place.path)}`)
  }
}

function gone(physicalKey: string): QuiltError {
  return new QuiltError('not_found', `Reading ${physicalKey}: there is no such file any more`, {
    hint: 'Bring the file back, or make a new revision without it with package_update.',
    nextTools: ['package_update'],
  })
}
