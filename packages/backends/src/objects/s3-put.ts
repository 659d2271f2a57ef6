// Writes one object: in one request below 8 MiB, in parts from there on; always with SHA-256 checksums (formats.md 4.2, 4.4).
import { createHash } from 'node:crypto'
import { partSizeBytes, QuiltError } from '@quilt-mcp/core'
import type { StreamedBytes } from '../packages/stores/registry-store.js'
import { notOfItsSize } from './exact-body.js'
import type { ObjectInfo, ObjectLocation, PutOptions } from './port.js'
import type { S3Call } from './s3-access.js'
import { checkedEtag } from './s3-answer.js'
import { s3Failure } from './s3-error.js'

const multipartFromBytes = 8_388_608
const partsAtOnce = 4

/** What must hold for the object to be written, in S3's words. */
export interface WriteCondition {
  readonly IfNoneMatch?: '*'
  readonly IfMatch?: string
}

interface PutCall extends PutOptions {
  readonly call: S3Call
  /** Sends the one request that makes the object visible, under a condition. Default: under that of `ifAbsent`. */
  readonly commit?: (<T>(send: (condition: WriteCondition) => Promise<T>) => Promise<T>) | undefined
}

/** Writes the object. With a condition, S3 itself refuses when it does not hold. A failed multipart upload is aborted.
 * @throws {QuiltError} `partial` when a stream is not of its size; else what the SDK throws */
export async function putObject(
  location: ObjectLocation,
  body: Uint8Array | StreamedBytes,
  options: PutCall,
): Promise<ObjectInfo> {
  const source = await wholeIfSmall(body)
  const size = source instanceof Uint8Array ? source.byteLength : source.size
  const written = await (source instanceof Uint8Array && size < multipartFromBytes
    ? putWhole(location, source, options)
    : putParts(location, { size, body: source }, options))
  const { contentType, metadata } = options
  return {
    bucket: location.bucket,
    key: location.key,
    ...(written.VersionId === undefined ? {} : { versionId: written.VersionId }),
    size,
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
  const target = { ...targetOf(location), ...headersOf(options), Body: body, ChecksumSHA256: sha256(body) }
  return commitOf(options)((condition) => client.send(new sdk.PutObjectCommand({ ...target, ...condition }), send))
}

interface Source {
  readonly size: number
  readonly body: Uint8Array | StreamedBytes
}

async function putParts(location: ObjectLocation, { size, body }: Source, options: PutCall): Promise<Written> {
  const { sdk, client, send } = options.call
  const target = targetOf(location)
  const created = await client.send(
    new sdk.CreateMultipartUploadCommand({ ...target, ...headersOf(options), ChecksumAlgorithm: 'SHA256' }),
    send,
  )
  const upload = { ...target, UploadId: created.UploadId }
  // What has failed stays in it, and is found when the next one is waited for.
  const underWay = new Set<Promise<unknown>>()
  let sent = 0
  const putPart = async (part: Uint8Array, number: number) => {
    const checksum = sha256(part)
    const { ETag } = await client.send(
      new sdk.UploadPartCommand({ ...upload, PartNumber: number, Body: part, ChecksumSHA256: checksum }),
      send,
    )
    sent += part.byteLength
    options.onProgress?.({ done: sent, total: size, message: 'Uploading' })
    return { PartNumber: number, ETag, ChecksumSHA256: checksum }
  }
  try {
    const parts: ReturnType<typeof putPart>[] = []
    for await (const part of partsOf(body, partSizeBytes(size))) {
      const put = putPart(part, parts.length + 1)
      parts.push(put)
      const place = put.then(() => void underWay.delete(place))
      place.catch(() => {})
      underWay.add(place)
      if (underWay.size >= partsAtOnce) await Promise.race(underWay)
    }
    const complete = { ...upload, MultipartUpload: { Parts: await Promise.all(parts) } }
    return await commitOf(options)((condition) =>
      client.send(new sdk.CompleteMultipartUploadCommand({ ...complete, ...condition }), send),
    )
  } catch (cause) {
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
    // Nothing is left of an upload that S3 completed without saying so.
    if (s3Failure(error)?.name === 'NoSuchUpload') return
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

async function* partsOf(
  body: Uint8Array | StreamedBytes,
  partSize: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(body instanceof Uint8Array)) return yield* partsOfStream(body, partSize)
  for (let at = 0; at < body.byteLength; at += partSize) yield body.subarray(at, at + partSize)
}

/** Every part in a buffer of its own: several are on their way at a time. */
async function* partsOfStream(
  { size, body }: StreamedBytes,
  partSize: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let received = 0
  let part = new Uint8Array(Math.min(partSize, size))
  let filled = 0
  for await (const chunk of body) {
    if (received + chunk.byteLength > size) throw notOfItsSize(received + chunk.byteLength, size)
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + part.byteLength - filled)
      part.set(piece, filled)
      filled += piece.byteLength
      at += piece.byteLength
      received += piece.byteLength
      if (filled < part.byteLength) continue
      yield part
      part = new Uint8Array(Math.min(partSize, size - received))
      filled = 0
    }
  }
  if (received < size) throw notOfItsSize(received, size)
}

/** The bytes of a stream that goes in one request: then it can be sent again. @throws {QuiltError} `partial` when it is not of its size */
export async function wholeIfSmall(body: Uint8Array | StreamedBytes): Promise<Uint8Array | StreamedBytes> {
  if (body instanceof Uint8Array || body.size >= multipartFromBytes) return body
  let whole = new Uint8Array()
  for await (const part of partsOfStream(body, multipartFromBytes)) whole = part
  return whole
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

function commitOf({ commit, ifAbsent = false, ifMatch }: PutCall): NonNullable<PutCall['commit']> {
  const condition: WriteCondition = ifAbsent
    ? { IfNoneMatch: '*' }
    : ifMatch === undefined
      ? {}
      : { IfMatch: `"${ifMatch}"` }
  return commit ?? ((send) => send(condition))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}
