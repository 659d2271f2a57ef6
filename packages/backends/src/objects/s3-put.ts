// Writes one object: in one request below 8 MiB, in parts from there on; always with SHA-256 checksums (formats.md 4.2, 4.4).
import { createHash } from 'node:crypto'
import { partSizeBytes, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { ObjectInfo, ObjectLocation, PutOptions } from '../backend.js'
import type { S3Call } from './s3-access.js'
import { checkedEtag } from './s3-answer.js'

const multipartFromBytes = 8_388_608
const partsAtOnce = 4

interface PutCall extends PutOptions {
  readonly call: S3Call
}

/** Writes the object. With `ifAbsent`, S3 itself refuses when the key exists. A failed multipart upload is aborted. */
export async function putObject(location: ObjectLocation, body: Uint8Array, options: PutCall): Promise<ObjectInfo> {
  const written = await (body.byteLength < multipartFromBytes
    ? putWhole(location, body, options)
    : putParts(location, body, options))
  const { contentType, metadata } = options
  return {
    bucket: location.bucket,
    key: location.key,
    ...(written.VersionId === undefined ? {} : { versionId: written.VersionId }),
    size: body.byteLength,
    etag: checkedEtag(written.ETag),
    ...(contentType === undefined ? {} : { contentType }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

interface Written {
  readonly VersionId?: string | undefined
  readonly ETag?: string | undefined
}

function putWhole(location: ObjectLocation, body: Uint8Array, options: PutCall): Promise<Written> {
  const { sdk, client, send } = options.call
  return client.send(
    new sdk.PutObjectCommand({
      ...targetOf(location),
      ...headersOf(options),
      ...conditionOf(options),
      Body: body,
      ChecksumSHA256: sha256(body),
    }),
    send,
  )
}

async function putParts(location: ObjectLocation, body: Uint8Array, options: PutCall): Promise<Written> {
  const { sdk, client, send } = options.call
  const target = targetOf(location)
  const created = await client.send(
    new sdk.CreateMultipartUploadCommand({ ...target, ...headersOf(options), ChecksumAlgorithm: 'SHA256' }),
    send,
  )
  const upload = { ...target, UploadId: created.UploadId }
  const partSize = partSizeBytes(body.byteLength)
  const atOnce = pLimit(partsAtOnce)
  const underWay: Promise<unknown>[] = []
  let sent = 0
  const putPart = async (part: Uint8Array, number: number) => {
    const checksum = sha256(part)
    const { ETag } = await client.send(
      new sdk.UploadPartCommand({ ...upload, PartNumber: number, Body: part, ChecksumSHA256: checksum }),
      send,
    )
    sent += part.byteLength
    options.onProgress?.({ done: sent, total: body.byteLength, message: 'Uploading' })
    return { PartNumber: number, ETag, ChecksumSHA256: checksum }
  }
  try {
    const parts = await atOnce.map(partsOf(body, partSize), (part, index) => {
      const put = putPart(part, index + 1)
      underWay.push(put)
      return put
    })
    const complete = new sdk.CompleteMultipartUploadCommand({
      ...upload,
      ...conditionOf(options),
      MultipartUpload: { Parts: parts },
    })
    return await client.send(complete, send)
  } catch (cause) {
    atOnce.clearQueue()
    // A part that arrives after the abort would stay, and cost, for good.
    await Promise.allSettled(underWay)
    await abort(options.call, upload, cause)
    throw cause
  }
}

/** Parts already sent cost storage until the upload is aborted. The caller's own abort must not stop this. */
async function abort(
  { sdk, client }: S3Call,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
  cause: unknown,
) {
  try {
    await client.send(new sdk.AbortMultipartUploadCommand(upload))
  } catch (error) {
    throw new QuiltError(
      'upstream',
      `Writing s3://${upload.Bucket}/${upload.Key} failed, and its sent parts could not be removed`,
      {
        hint: 'Try again; an administrator can remove the unfinished upload.',
        details: { uploadId: upload.UploadId },
        cause: new AggregateError([cause, error]),
      },
    )
  }
}

function partsOf(body: Uint8Array, partSize: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(body.byteLength / partSize) }, (_, index) =>
    body.subarray(index * partSize, (index + 1) * partSize),
  )
}

function targetOf({ bucket, key }: ObjectLocation) {
  return { Bucket: bucket, Key: key }
}

function headersOf({ contentType, metadata }: PutCall) {
  return {
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
  }
}

function conditionOf({ ifAbsent = false }: PutCall) {
  return ifAbsent ? { IfNoneMatch: '*' } : {}
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
