// Entries of a local registry: files, below its directory or, in packages that quilt3 made, anywhere on this machine.
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
} from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import { fileBytes } from '../packages/stores/file-store-read.js'
import type { RegistryStore, StoredBytes } from '../packages/stores/registry-store.js'
import { type EntryObjects, factsOf, fillFrom } from './entry-facts.js'
import { keyOfPath, pathOfKey, urlOfPath } from './file-address.js'
import { fileError } from './file-error.js'
import { partsAtOnce } from './parts-at-once.js'
import type { ObjectBody } from './port.js'

/** One local registry as a bucket. */
export interface LocalBucket {
  readonly name: string
  /** Absolute path of its directory. */
  readonly root: string
  /** Of its data only. */
  readonly store: RegistryStore
}

/** Up to here a file is hashed as it is read; from there on in parts, on other threads. */
const atOnceBytes = 65_536

/** The entries of local registries. New entries must lie below one of them. */
export function fileEntries(buckets: readonly LocalBucket[]): EntryObjects {
  const sha256 = createParallelSha256({ concurrency: partsAtOnce() })

  const hashOf = async (
    { store, key }: { readonly store: RegistryStore; readonly key: string },
    { size, etag, body }: StoredBytes,
    signal: AbortSignal | undefined,
  ) => {
    if (size <= atOnceBytes) return chunkedSha256(body, size)
    const fill = async (into: Uint8Array, start: number) => {
      const range = { first: start, last: start + into.length - 1 }
      const part = await store.read(key, { range, ifMatch: etag, signal })
      if (part === undefined) throw gone(`${store.url}/${key}`)
      await fillFrom(into, part.body)
    }
    return sha256.hash({ size, fill }, signal)
  }

  return {
    async facts(entry, { signal } = {}) {
      const checked = checkedPlace(entry)
      if ('failure' in checked) return checked
      const { place } = checked
      const { size, hash } = entry
      const physicalKey = formatPhysicalKey(place)
      const at =
        place.kind === 'file' ? addressOf(buckets, place) : { bucket: named(buckets, place.bucket), key: place.key }
      if (at?.bucket === undefined) {
        // What a stored manifest names may lie anywhere: it is not read again when a package is changed.
        if (size !== undefined && hash !== undefined) return { facts: { physicalKey, size, hash } }
        return { failure: entryNotFetched(entry, 'it does not lie in this local registry; copy it there first') }
      }
      if (place.kind === 's3' && place.versionId !== undefined)
        return { failure: entryNotFetched(entry, 'NoSuchVersion') }
      if (place.kind === 'file' && size !== undefined && hash !== undefined)
        return { facts: { physicalKey, size, hash } }
      const { bucket, key } = at
      const found = await readOrFailure(bucket.store, key, signal)
      if (typeof found === 'string') return { failure: entryNotFetched(entry, found) }
      return factsOf(entry, {
        physicalKey: urlOfPath(pathOfKey(bucket.root, key)),
        size: found.size,
        hash: () => hashOf({ store: bucket.store, key }, found, signal),
      })
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
  const hash = createHashOfType(entry.hash.type, entry.size)
  for await (const chunk of body) {
    hash?.update(chunk)
    yield chunk
  }
  if (hash !== undefined && hash.digest().value !== entry.hash.value) throw changed(entry, 'has other bytes than')
}

function changed({ logicalKey, physicalKey, size }: ReadEntry, how: string): QuiltError {
  return new QuiltError('conflict', `${physicalKey} ${how} when the package was made`, {
    hint: 'Bring the file back as it was, or make a new revision with package_update.',
    details: { logicalKey, size },
    nextTools: ['package_update'],
  })
}

const named = (buckets: readonly LocalBucket[], name: string) => buckets.find((bucket) => bucket.name === name)

/** The registry that a file lies in, and its key there. */
function addressOf(buckets: readonly LocalBucket[], { path }: FilePhysicalKey) {
  for (const bucket of buckets) {
    const key = keyOfPath(bucket.root, path)
    if (key !== undefined) return { bucket, key }
  }
  return undefined
}

async function readOrFailure(
  store: RegistryStore,
  key: string,
  signal: AbortSignal | undefined,
): Promise<StoredBytes | string> {
  try {
    return (await store.read(key, { signal })) ?? 'NoSuchKey'
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
  const at = addressOf(buckets, place)
  try {
    const found = await fileBytes(place.path, { range, signal })
    if (found === undefined) return undefined
    const last = Math.min(range?.last ?? found.size - 1, found.size - 1)
    return {
      ...found,
      bucket: at?.bucket.name ?? buckets[0]?.name ?? 'local',
      key: at?.key ?? place.path,
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
