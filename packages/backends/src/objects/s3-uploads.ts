// Uploads that a client makes by itself, over links that are signed here with the principal's own credentials.
import { QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import { hasMoved } from '../packages/stores/store-conflicts.js'
import { abortUpload, partsThere, type StoredPart, type UploadTarget } from './left-uploads.js'
import type { ObjectInfo, ObjectLocation } from './port.js'
import { checkLinkable, presignedUrl } from './presigned-url.js'
import { headersOf, targetOf, type WriteCondition } from './put-request.js'
import type { S3Access } from './s3-access.js'
import { checkedEtag, notFromS3 } from './s3-answer.js'
import { s3Failure } from './s3-error.js'
import { headObject } from './s3-head.js'
import { checkLocation, inputOf, nameOf } from './s3-location.js'
import type { UploadConditions, UploadRequest, Uploads, UploadTicket } from './uploads-port.js'

export interface S3UploadsDeps {
  readonly s3: S3Access
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const mebibyte = 1_048_576
/** Up to here one request is enough; what is larger can be sent in parts at the same time, and each again when it fails. */
const largestPutBytes = 64 * mebibyte
const largestObjectBytes = 5 * 1024 ** 4
/** A link takes some 400 tokens of a model. */
const fewParts = 16
const largestPartBytes = 5 * 1024 ** 3
const linkSeconds = 3_600

/** Makes the uploads of one principal. */
export function s3Uploads(deps: S3UploadsDeps): Uploads {
  const { s3 } = deps
  return {
    async begin(location, request) {
      checkUpload(location, request)
      await checkConditions(s3, location, request)
      return request.size <= largestPutBytes ? putTicket(deps, location, request) : partsTicket(deps, location, request)
    },

    async complete(location, { uploadId, size }, conditions = {}) {
      checkLocation(location)
      await checkConditions(s3, location, conditions)
      const target: UploadTarget = { ...targetOf(location), UploadId: uploadId }
      const { signal } = conditions
      const there = await partsThere(s3, target, signal)
      if (there === undefined) throw noUpload(location, uploadId)
      const parts = wholeOf(location, there, size)
      return completed(s3, location, { target, parts, size, conditions })
    },

    async abort(location, uploadId, { signal }: CallOptions = {}) {
      checkLocation(location)
      await abortUpload(s3, { ...targetOf(location), UploadId: uploadId }, signal)
    },
  }
}

/** @throws {QuiltError} `invalid_input`, `unsupported` */
export function checkUpload(location: ObjectLocation, { size }: Pick<UploadRequest, 'size'>): void {
  checkLocation(location)
  checkLinkable(location, 'Choose a key without such parts.')
  if (Number.isSafeInteger(size) && size >= 0 && size <= largestObjectBytes) return
  throw new QuiltError('invalid_input', `an object of ${size} bytes cannot be uploaded`, {
    hint: 'Give the exact size in bytes: a whole number, at most 5 TiB.',
  })
}

/** S3 decides at the end; who is refused then has sent all bytes for nothing. */
async function checkConditions(
  s3: S3Access,
  location: ObjectLocation,
  { ifAbsent = false, ifMatch, signal }: UploadConditions,
): Promise<void> {
  if (!ifAbsent && ifMatch === undefined) return
  const name = nameOf(location)
  const found = await s3.run(`Looking up ${name}`, signal, async (call) => {
    try {
      return await headObject(call, inputOf(location))
    } catch (error) {
      const status = s3Failure(error)?.status
      // Without ListBucket S3 does not tell a missing key: then its own decision must do.
      if (status === 404 || status === 403) return undefined
      throw error
    }
  })
  const etag = found?.ETag?.replaceAll('"', '')
  if (ifAbsent ? etag !== undefined : etag !== ifMatch) throw hasMoved(name)
}

const conditionOf = ({ ifAbsent = false, ifMatch }: UploadConditions): WriteCondition =>
  ifAbsent ? { IfNoneMatch: '*' } : ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }

async function putTicket(
  { s3, now }: S3UploadsDeps,
  location: ObjectLocation,
  request: UploadRequest,
): Promise<UploadTicket> {
  const { size, contentType, sha256, signal } = request
  const condition = conditionOf(request)
  const headers = {
    'content-length': String(size),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(sha256 === undefined ? {} : { 'x-amz-checksum-sha256': sha256 }),
    ...(condition.IfNoneMatch === undefined ? {} : { 'if-none-match': condition.IfNoneMatch }),
    ...(condition.IfMatch === undefined ? {} : { 'if-match': condition.IfMatch }),
  }
  const input = {
    ...targetOf(location),
    ...headersOf(request),
    ...condition,
    ContentLength: size,
    ...(sha256 === undefined ? {} : { ChecksumSHA256: sha256 }),
  }
  return s3.run(`Signing an upload to ${nameOf(location)}`, signal, async (call) => {
    const options = { call, bucket: location.bucket, expiresInSeconds: linkSeconds, nowMs: now() }
    const command = new call.sdk.PutObjectCommand(input)
    const link = await presignedUrl(command, { ...options, signedHeaders: Object.keys(headers) })
    return { kind: 'put', ...link, headers }
  })
}

async function partsTicket(
  { s3, now }: S3UploadsDeps,
  location: ObjectLocation,
  request: UploadRequest,
): Promise<UploadTicket> {
  const { size, signal } = request
  const partSize = partSizeOf(size)
  const count = Math.ceil(size / partSize)
  return s3.run(`Signing an upload to ${nameOf(location)}`, signal, async (call) => {
    const { sdk, client, send } = call
    const input = { ...targetOf(location), ...headersOf(request) }
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(input), send)
    if (UploadId === undefined) throw notFromS3()
    const options = { call, bucket: location.bucket, expiresInSeconds: linkSeconds, nowMs: now() }
    const links = Array.from({ length: count }, async (_, index) => {
      const part = {
        ...targetOf(location),
        UploadId,
        PartNumber: index + 1,
        ContentLength: Math.min(partSize, size - index * partSize),
      }
      const link = await presignedUrl(new sdk.UploadPartCommand(part), {
        ...options,
        signedHeaders: ['content-length'],
      })
      return { number: index + 1, ...link }
    })
    const signed = await Promise.all(links)
    const parts = signed.map(({ number, url }) => ({ number, url }))
    return { kind: 'parts', uploadId: UploadId, partSize, parts, expires: signed[0]?.expires ?? '' }
  })
}

/** A multiple of 8 MiB, for as few links as S3 allows. */
function partSizeOf(size: number): number {
  const unit = 8 * mebibyte
  return Math.min(Math.ceil(size / fewParts / unit) * unit, largestPartBytes)
}

/** The parts in order. @throws {QuiltError} `partial` when they are not the whole object */
function wholeOf(
  location: ObjectLocation,
  there: ReadonlyMap<number, StoredPart>,
  size: number,
): readonly (StoredPart & { readonly number: number })[] {
  const parts = [...there].map(([number, part]) => ({ number, ...part })).sort((a, b) => a.number - b.number)
  const stored = parts.reduce((sum, part) => sum + part.size, 0)
  const gaps = Array.from({ length: parts.at(-1)?.number ?? 0 }, (_, index) => index + 1).filter((n) => !there.has(n))
  if (stored === size && gaps.length === 0) return parts
  throw new QuiltError('partial', `${stored} of ${size} bytes of ${nameOf(location)} have come`, {
    hint: 'Send the parts that are missing by their links, then complete again.',
    details: { parts: parts.map(({ number, size: bytes }) => ({ number, size: bytes })) },
    retryable: true,
  })
}

interface Completion {
  readonly target: UploadTarget
  readonly parts: ReturnType<typeof wholeOf>
  readonly size: number
  readonly conditions: UploadConditions
}

async function completed(
  s3: S3Access,
  location: ObjectLocation,
  { target, parts, size, conditions }: Completion,
): Promise<ObjectInfo> {
  const Parts = parts.map(({ number, etag, checksum }) => ({
    PartNumber: number,
    ETag: etag,
    ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
  }))
  return s3.run(`Completing ${nameOf(location)}`, conditions.signal, async ({ sdk, client, send }) => {
    const input = { ...target, ...conditionOf(conditions), MultipartUpload: { Parts } }
    const { VersionId, ETag } = await client.send(new sdk.CompleteMultipartUploadCommand(input), send)
    const { bucket, key } = location
    return {
      bucket,
      key,
      size,
      etag: checkedEtag(ETag),
      ...(VersionId === undefined ? {} : { versionId: VersionId }),
    }
  })
}

function noUpload(location: ObjectLocation, uploadId: string): QuiltError {
  return new QuiltError('not_found', `there is no upload of ${nameOf(location)} of that id`, {
    hint: "It was completed or aborted, or the id is another object's: look whether the object is there, else begin anew.",
    details: { uploadId },
    nextTools: ['object_info'],
  })
}
