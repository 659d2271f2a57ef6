// Objects of buckets over S3, signed with the principal's own credentials.
import { checkBucketName, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { decodeCursor, encodeCursor, pageLimit } from '../cursor.js'
import { rangeHeader } from './byte-range.js'
import { listInShards } from './key-shards.js'
import { objectWrites } from './object-writes.js'
import type { ObjectLocation, Objects } from './port.js'
import type { S3Access } from './s3-access.js'
import { bodyOf, infoOf } from './s3-answer.js'
import { s3Failure } from './s3-error.js'
import { headObject } from './s3-head.js'
import { listPage } from './s3-list.js'
import { checkLocation, inputOf, nameOf } from './s3-location.js'

const listCursor = z.strictObject({ token: z.string() })

/** Makes the objects of one principal. */
export function s3Objects({ s3 }: { readonly s3: S3Access }): Objects {
  const write = objectWrites({ s3 })
  return {
    async list(bucket, { prefix = '', recursive = false, cursor, limit, signal } = {}) {
      checkBucketName(bucket)
      const token = cursor === undefined ? undefined : decodeCursor(cursor, listCursor).token
      const maxKeys = pageLimit({ limit })
      return s3.run(`Listing s3://${bucket}/${prefix}`, signal, async (call) => {
        const { items, prefixes, next } = await listPage(call, {
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: maxKeys,
          ...(recursive ? {} : { Delimiter: '/' }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        })
        return { items, prefixes, ...(next === undefined ? {} : { cursor: encodeCursor({ token: next }) }) }
      })
    },

    async *keys(bucket, { prefix = '', signal, onProgress } = {}) {
      checkBucketName(bucket)
      const page = (after: string | undefined, ending: AbortSignal) =>
        s3.run(`Listing s3://${bucket}/${prefix}`, ending, async (call) => {
          const start = after === undefined ? {} : { StartAfter: after }
          const { items, next } = await listPage(call, { Bucket: bucket, Prefix: prefix, ...start })
          return { items, isLast: next === undefined }
        })
      yield* listInShards({ prefix, page, signal, onProgress })
    },

    async info(location, { signal } = {}) {
      checkLocation(location)
      return s3.run(`Looking up ${nameOf(location)}`, signal, async (call) =>
        infoOf(location, await headObject(call, inputOf(location))),
      )
    },

    async read(location, { range, ifMatch, signal } = {}) {
      checkLocation(location)
      return s3.run(`Reading ${nameOf(location)}`, signal, async ({ sdk, client, send }) => {
        const command = new sdk.GetObjectCommand({
          ...inputOf(location),
          ...(range === undefined ? {} : { Range: rangeHeader(range) }),
          ...(ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }),
        })
        const answer = await client.send(command, send).catch((error: unknown) => {
          throw s3Failure(error)?.status === 412 ? changed(location, error) : error
        })
        return bodyOf(location, answer, { name: nameOf(location), signal })
      })
    },

    async put(location, body, options = {}) {
      checkLocation(location)
      if (location.versionId !== undefined) {
        throw new QuiltError('invalid_input', 'A version cannot be overwritten', {
          hint: 'Leave versionId out: a put makes a new version.',
        })
      }
      return write(location, body, options)
    },
  }
}

function changed(location: ObjectLocation, cause: unknown): QuiltError {
  return new QuiltError('conflict', `${nameOf(location)} has changed since it was looked up`, {
    hint: 'Look it up again.',
    retryable: true,
    cause,
  })
}
