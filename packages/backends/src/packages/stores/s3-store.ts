// A registry at the root of a bucket (formats.md 1.1).

import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3'
import { checkBucketName } from '@quilt-mcp/core'
import { rangeHeader } from '../../objects/byte-range.js'
import type { S3Access } from '../../objects/s3-access.js'
import { bodyOf, checkedEtag } from '../../objects/s3-answer.js'
import { s3Failure } from '../../objects/s3-error.js'
import { headObject } from '../../objects/s3-head.js'
import { listPage, type S3ListPage } from '../../objects/s3-list.js'
import { inputOf, nameOf } from '../../objects/s3-location.js'
import { putObject, wholeIfSmall } from '../../objects/s3-put.js'
import type { ReadStoredOptions, RegistryStore, StoredBytes, StoredInfo } from './registry-store.js'
import { conditionalWrites } from './s3-store-conditions.js'
import { hasChanged, hasMoved } from './store-conflicts.js'

export interface S3StoreOptions {
  readonly bucket: string
  readonly s3: S3Access
  /** Whether this S3 is known to honour conditions of writes, as Amazon's does. Otherwise what is there is looked at before each
   * conditional write. Default false. */
  readonly honoursConditions?: boolean | undefined
  /** Milliseconds since 1970: S3 does not tell when it wrote. */
  readonly now?: (() => number) | undefined
}

/** Makes the store of a bucket. Nothing is asked before the first call. @throws {QuiltError} `invalid_input` when the bucket is none */
export function s3Store({ bucket, s3, honoursConditions = false, now = Date.now }: S3StoreOptions): RegistryStore {
  checkBucketName(bucket)
  const conditions = conditionalWrites({ honoured: honoursConditions })
  const place = { s3, bucket }
  return {
    url: `s3://${bucket}`,

    info: (key, { signal } = {}) => infoAt(place, key, signal),

    read: (key, options = {}) => readAt(place, key, options),

    async write(key, body, { expected, signal, onProgress } = {}) {
      const name = nameOf({ bucket, key })
      const bytes = await wholeIfSmall(body)
      return conditions.write({
        name,
        expected,
        signal,
        look: () => infoAt(place, key, signal),
        done: () => storedAlready(place, key, { bytes, signal }),
        repeatable: bytes instanceof Uint8Array,
        send: async (commit) => {
          const written = await putObject({ bucket, key }, bytes, { s3, commit, signal, onProgress })
          const { size, etag = '', versionId } = written
          return { size, etag, modified: new Date(now()).toISOString(), ...versionOf(versionId) }
        },
      })
    },

    async *list(prefix, { after, signal } = {}) {
      const input = { Bucket: bucket, Prefix: prefix, ...(after === undefined ? {} : { StartAfter: after }) }
      for await (const { items } of pagesOf(s3, input, signal)) {
        if (items.length > 0) yield items
      }
    },

    async *children(prefix, { signal } = {}) {
      for await (const { items, prefixes } of pagesOf(s3, { Bucket: bucket, Prefix: prefix, Delimiter: '/' }, signal)) {
        const names = [...items.map(({ key }) => key), ...prefixes].map((key) => key.slice(prefix.length))
        const sorted = names.filter((name) => name !== '').sort(byBytes)
        if (sorted.length > 0) yield sorted
      }
    },

    async remove(key, { expected, signal } = {}) {
      const name = nameOf({ bucket, key })
      const look = () => infoAt(place, key, signal)
      if (expected === null) {
        if ((await look()) !== undefined) throw hasMoved(name)
        return
      }
      await conditions.write({
        name,
        expected,
        signal,
        look,
        done: async () => ((await look()) === undefined ? true : undefined),
        repeatable: true,
        send: (commit) =>
          s3.run(`Removing ${name}`, signal, ({ sdk, client, send }) =>
            commit(async ({ IfMatch }) => {
              const target = { ...inputOf({ bucket, key }), ...(IfMatch === undefined ? {} : { IfMatch }) }
              await client.send(new sdk.DeleteObjectCommand(target), send)
              return true
            }),
          ),
      })
    },
  }
}

interface Place {
  readonly s3: S3Access
  readonly bucket: string
}

async function infoAt(
  { s3, bucket }: Place,
  key: string,
  signal: AbortSignal | undefined,
): Promise<StoredInfo | undefined> {
  return s3.run(`Looking up ${nameOf({ bucket, key })}`, signal, async (call) => {
    const found = await unlessMissing(headObject(call, inputOf({ bucket, key })))
    if (found === undefined) return undefined
    return {
      size: found.ContentLength ?? 0,
      etag: checkedEtag(found.ETag),
      modified: (found.LastModified ?? new Date(0)).toISOString(),
      ...versionOf(found.VersionId),
    }
  })
}

async function readAt(
  { s3, bucket }: Place,
  key: string,
  { range, ifMatch, signal }: ReadStoredOptions,
): Promise<StoredBytes | undefined> {
  const location = { bucket, key }
  const name = nameOf(location)
  return s3.run(`Reading ${name}`, signal, async ({ sdk, client, send }) => {
    const command = new sdk.GetObjectCommand({
      ...inputOf(location),
      ...(range === undefined ? {} : { Range: rangeHeader(range) }),
      ...(ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }),
    })
    try {
      const answer = await unlessMissing(client.send(command, send))
      if (answer === undefined) return undefined
      const {
        size,
        etag = '',
        modified = new Date(0).toISOString(),
        versionId,
        body,
      } = bodyOf(location, answer, { name, signal })
      return { size, etag, modified, body, ...versionOf(versionId) }
    } catch (error) {
      throw s3Failure(error)?.status === 412 ? hasChanged(name, error) : error
    }
  })
}

/** What is there, when it is these bytes. Those of a stream are gone. */
async function storedAlready(
  place: Place,
  key: string,
  { bytes, signal }: { readonly bytes: Uint8Array | object; readonly signal: AbortSignal | undefined },
): Promise<StoredInfo | undefined> {
  if (!(bytes instanceof Uint8Array)) return undefined
  const found = await readAt(place, key, { signal })
  if (found === undefined || found.size !== bytes.byteLength) return undefined
  let at = 0
  for await (const chunk of found.body) {
    if (Buffer.compare(chunk, bytes.subarray(at, at + chunk.byteLength)) !== 0) return undefined
    at += chunk.byteLength
  }
  const { body: _, ...info } = found
  return info
}

async function* pagesOf(
  s3: S3Access,
  input: ListObjectsV2CommandInput & { readonly Bucket: string; readonly Prefix: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<S3ListPage, void, undefined> {
  let token: string | undefined
  do {
    const next = token === undefined ? {} : { ContinuationToken: token }
    const page = await s3.run(`Listing s3://${input.Bucket}/${input.Prefix}`, signal, (call) =>
      listPage(call, { ...input, ...next }),
    )
    yield page
    token = page.next
  } while (token !== undefined)
}

/** The answer, or undefined when there is no object of that key. A missing bucket is an error. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    const failure = s3Failure(error)
    if (failure?.status === 404 && failure.name !== 'NoSuchBucket') return undefined
    throw error
  }
}

function versionOf(versionId: string | undefined): { readonly versionId?: string } {
  return versionId === undefined ? {} : { versionId }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
