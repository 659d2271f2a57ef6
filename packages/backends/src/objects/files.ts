// Objects of local registries: the files below their directories, as a bucket has them. No versions, no content types, no metadata.
import { checkBucketName, createChunkedSha256, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { CallOptions } from '../call-options.js'
import { decodeCursor, encodeCursor, pageLimit } from '../cursor.js'
import { noBucket } from '../packages/revisions.js'
import { behindFolder } from '../packages/stores/file-store-walk.js'
import type { RegistryStore, StoredInfo } from '../packages/stores/registry-store.js'
import { contentBytes, contentSize } from './content.js'
import type { LocalBucket } from './entry-facts-files.js'
import type { ListObjectsOptions, ObjectContent, ObjectInfo, ObjectListItem, ObjectLocation, Objects } from './port.js'

const listCursor = z.strictObject({ after: z.string() })

/** Makes the objects. A bucket is the directory of one registry; what lies below its `.quilt` is none of them. */
export function fileObjects(buckets: readonly LocalBucket[]): Objects {
  const storeOf = ({ bucket, key, versionId }: ObjectLocation): RegistryStore => {
    const { store } = bucketNamed(buckets, bucket)
    if (key === '') {
      throw new QuiltError('invalid_input', `${store.url} is a bucket, not an object`, {
        hint: 'Give a key, or list with bucket_objects_list.',
      })
    }
    if (versionId === undefined || versionId === 'null') return store
    throw new QuiltError('not_found', `${store.url}/${key}: there is no such version`, {
      hint: 'A local registry keeps no versions: leave versionId out.',
    })
  }

  return {
    async list(bucket, options = {}) {
      return pageOf(bucketNamed(buckets, bucket).store, options)
    },

    async *keys(bucket, { prefix = '', signal, onProgress } = {}) {
      let done = 0
      for await (const batch of bucketNamed(buckets, bucket).store.list(prefix, { signal })) {
        done += batch.length
        onProgress?.({ done, message: 'Listing' })
        yield batch
      }
    },

    async info(location, { signal } = {}) {
      const store = storeOf(location)
      const found = await store.info(location.key, { signal })
      if (found === undefined) throw noObject('Looking up', store, location)
      return infoOf(location, found)
    },

    async read(location, { range, signal } = {}) {
      const store = storeOf(location)
      const found = await store.read(location.key, { range, signal })
      if (found === undefined) throw noObject('Reading', store, location)
      const given =
        range === undefined
          ? {}
          : { range: { first: range.first, last: Math.min(range.last ?? found.size - 1, found.size - 1) } }
      return { ...infoOf(location, found), body: found.body, ...given }
    },

    async put(location, body, { ifAbsent = false, ifMatch, onProgress, signal } = {}) {
      if (location.versionId !== undefined) {
        throw new QuiltError('invalid_input', 'A version cannot be overwritten', {
          hint: 'Leave versionId out: a local registry keeps no versions.',
        })
      }
      const store = storeOf(location)
      const expected = ifAbsent ? null : ifMatch
      const condition = expected === undefined ? {} : { expected }
      const { bytes, hash } = hashedOnTheWay(body, onProgress)
      const written = await store.write(location.key, bytes, { signal, ...condition })
      const { modified: _, ...info } = infoOf(location, written)
      return { ...info, hash: hash() }
    },
  }
}

/** The bytes, and the hash of those that have passed: nothing is read twice. */
function hashedOnTheWay(body: ObjectContent, onProgress: CallOptions['onProgress']) {
  const total = contentSize(body)
  const hash = createChunkedSha256(total)
  const pass = (chunk: Uint8Array, done: number) => {
    hash.update(chunk)
    onProgress?.({ done, total, message: 'Uploading' })
  }
  const bytes = contentBytes(body)
  if (bytes instanceof Uint8Array) {
    pass(bytes, total)
    return { bytes, hash: () => hash.digest() }
  }
  async function* passing(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    let done = 0
    for await (const chunk of stream) {
      done += chunk.byteLength
      pass(chunk, done)
      yield chunk
    }
  }
  return { bytes: { size: bytes.size, body: passing(bytes.body) }, hash: () => hash.digest() }
}

/** @throws {QuiltError} `not_found`; `invalid_input` when it is no name of a bucket */
export function bucketNamed(buckets: readonly LocalBucket[], name: string): LocalBucket {
  checkBucketName(name)
  const found = buckets.find((bucket) => bucket.name === name)
  if (found === undefined) throw noBucket(name)
  return found
}

function infoOf({ bucket, key }: ObjectLocation, { size, etag, modified }: StoredInfo): ObjectInfo {
  return { bucket, key, size, etag, modified }
}

function noObject(attempt: string, { url }: RegistryStore, { key }: ObjectLocation): QuiltError {
  return new QuiltError('not_found', `${attempt} ${url}/${key}: there is no such object`, {
    hint: 'Look at what is there with bucket_objects_list.',
  })
}

/** One page, files and folders together in the order of their keys, as S3 counts them. */
async function pageOf(store: RegistryStore, options: ListObjectsOptions) {
  const { prefix = '', recursive = false, cursor, signal } = options
  const limit = pageLimit(options)
  const items: ObjectListItem[] = []
  const prefixes: string[] = []
  let after = cursor === undefined ? undefined : decodeCursor(cursor, listCursor).after
  for (;;) {
    let folder: string | undefined
    for await (const batch of store.list(prefix, { after, signal })) {
      for (const item of batch) {
        if (items.length + prefixes.length === limit)
          return { items, prefixes, cursor: encodeCursor({ after: after ?? '' }) }
        const slash = recursive ? -1 : item.key.indexOf('/', prefix.length)
        if (slash === -1) {
          items.push(item)
          after = item.key
          continue
        }
        folder = item.key.slice(0, slash + 1)
        prefixes.push(folder)
        after = behindFolder(folder)
        break
      }
      if (folder !== undefined) break
    }
    if (folder === undefined) return { items, prefixes }
  }
}
