// Objects of buckets over S3, signed with the principal's own credentials.
import { checkBucketName, formatPhysicalKey, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import type { ByteRange, ObjectLocation, Objects } from '../backend.js'
import type { CredentialSource } from '../credentials/exchange.js'
import { decodeCursor, encodeCursor, pageLimit } from '../cursor.js'
import type { HttpClient } from '../http/client.js'
import { s3Access } from './s3-access.js'
import { bodyOf, infoOf, notFromS3 } from './s3-answer.js'
import { s3Failure } from './s3-error.js'
import { linkTo } from './s3-link.js'
import { putObject } from './s3-put.js'

export interface S3ObjectsDeps {
  readonly credentials: CredentialSource
  readonly http: HttpClient
  /** Address of an S3 that is not Amazon's, spoken to path-style. */
  readonly endpoint?: string | undefined
  readonly region: () => Promise<string>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const listCursor = z.strictObject({ token: z.string() })

/** Makes the objects of one principal. Nothing is exchanged, loaded or opened before the first call. */
export function s3Objects({ credentials, http, endpoint, region, now }: S3ObjectsDeps): Objects {
  const s3 = s3Access({ credentials, http, endpoint, region })
  return {
    async list(bucket, { prefix = '', recursive = false, cursor, limit, signal } = {}) {
      checkBucketName(bucket)
      const token = cursor === undefined ? undefined : decodeCursor(cursor, listCursor).token
      const maxKeys = pageLimit({ limit })
      return s3.run(`Listing s3://${bucket}/${prefix}`, signal, async ({ sdk, client, send }) => {
        const command = new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: maxKeys,
          // Keys may hold characters that XML cannot.
          EncodingType: 'url',
          ...(recursive ? {} : { Delimiter: '/' }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        })
        const page = await client.send(command, send)
        // Anything that is no listing would read as an empty one.
        if (page.IsTruncated === undefined) throw notFromS3()
        return {
          items: (page.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
            key: decodeKey(Key),
            size: Size,
            modified: (LastModified ?? new Date(0)).toISOString(),
          })),
          prefixes: (page.CommonPrefixes ?? []).map((common) => decodeKey(common.Prefix ?? '')),
          ...(page.NextContinuationToken === undefined
            ? {}
            : { cursor: encodeCursor({ token: page.NextContinuationToken }) }),
        }
      })
    },

    async info(location, { signal } = {}) {
      checkLocation(location)
      return s3.run(`Looking up ${nameOf(location)}`, signal, async ({ sdk, client, send }) => {
        try {
          return infoOf(location, await client.send(new sdk.HeadObjectCommand(inputOf(location)), send))
        } catch (error) {
          const status = s3Failure(error)?.status
          if (status !== 400 && status !== 403) throw error
          // A HEAD answer has no body, so expired credentials and a denied access look alike: GET says which it is.
          const answer = await client.send(new sdk.GetObjectCommand({ ...inputOf(location), Range: 'bytes=0-0' }), send)
          await answer.Body?.transformToByteArray()
          throw error
        }
      })
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

    async link(location, { expiresInSeconds = 900, signal } = {}) {
      checkLocation(location)
      if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > 604_800) {
        throw new QuiltError('invalid_input', `expiresInSeconds is ${expiresInSeconds}`, {
          hint: 'Use a whole number from 1 to 604,800 (7 days).',
        })
      }
      return s3.run(`Signing a link to ${nameOf(location)}`, signal, (call) =>
        linkTo(inputOf(location), { call, expiresInSeconds, nowMs: now(), amazon: endpoint === undefined }),
      )
    },

    async put(location, body, options = {}) {
      checkLocation(location)
      if (location.versionId !== undefined) {
        throw new QuiltError('invalid_input', 'A version cannot be overwritten', {
          hint: 'Leave versionId out: a put makes a new version.',
        })
      }
      const { signal } = options
      return s3.run(`Writing ${nameOf(location)}`, signal, (call) => putObject(location, body, { ...options, call }))
    },
  }
}

function checkLocation({ bucket, key }: ObjectLocation): void {
  checkBucketName(bucket)
  if (key !== '') return
  throw new QuiltError('invalid_input', `s3://${bucket} is a bucket, not an object`, {
    hint: 'Give a key, or list with bucket_objects_list.',
  })
}

function changed(location: ObjectLocation, cause: unknown): QuiltError {
  return new QuiltError('conflict', `${nameOf(location)} has changed since it was looked up`, {
    hint: 'Look it up again.',
    retryable: true,
    cause,
  })
}

function nameOf({ bucket, key, versionId }: ObjectLocation): string {
  return formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId === undefined ? {} : { versionId }) })
}

function inputOf({ bucket, key, versionId }: ObjectLocation) {
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
}

/** `encoding-type=url` writes a space as `+`. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '))
}

function rangeHeader({ first, last }: ByteRange): string {
  const valid =
    Number.isInteger(first) && first >= 0 && (last === undefined || (Number.isInteger(last) && last >= first))
  if (valid) return `bytes=${first}-${last ?? ''}`
  throw new QuiltError('invalid_input', `The range ${first} to ${last ?? 'the end'} is not valid`, {
    hint: 'Bytes count from 0; last must not be before first.',
  })
}
