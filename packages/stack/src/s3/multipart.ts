// Multipart uploads: create, upload or copy a part, complete, abort, list.
import { z } from 'zod'
import type { CompletedPart, Upload, UploadedPart } from '../store/object-store.js'
import { readText } from './body.js'
import { type BucketCall, checksumType, emptyAnswer, type ObjectCall, quotedEtag, unquoted, xmlAnswer } from './call.js'
import { writeConditions } from './conditions.js'
import { S3Error } from './errors.js'
import { checksumHeaders, copySource, describe, requireLength, wantsSha256 } from './put-object.js'
import { readRange } from './range.js'
import { awsEncodePath } from './request.js'
import { malformedXml, parseXml } from './xml.js'

export function createMultipartUpload(call: ObjectCall): Response {
  const sha256 = wantsSha256(call)
  const UploadId = call.store.createUpload({ ...describe(call), sha256 })
  const headers = sha256 ? { 'x-amz-checksum-algorithm': 'SHA256', 'x-amz-checksum-type': 'COMPOSITE' } : {}
  return xmlAnswer('InitiateMultipartUploadResult', { Bucket: call.bucket, Key: call.key, UploadId }, { headers })
}

export async function uploadPart(call: ObjectCall): Promise<Response> {
  const { uploadId } = uploadOf(call)
  requireLength(call)
  const body = call.body()
  const part = await call.store.putPart(uploadId, partNumberOf(call), body.bytes, body.announcedSha256)
  return emptyAnswer(200, {
    etag: quotedEtag(part),
    ...checksumHeaders(body),
    ...(part.checksumSha256 !== undefined && { 'x-amz-checksum-sha256': part.checksumSha256 }),
  })
}

export async function uploadPartCopy(call: ObjectCall): Promise<Response> {
  const { uploadId } = uploadOf(call)
  const source = copySource(call)
  const named = call.header('x-amz-copy-source-range')
  const range = readRange(named, source.size)
  if (named !== undefined && (range === undefined || !named.endsWith(`-${range.last}`)))
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last within the source',
    )
  const part = await call.store.putPart(uploadId, partNumberOf(call), call.store.read(source, range))
  return xmlAnswer(
    'CopyPartResult',
    { LastModified: part.modified.toISOString(), ETag: quotedEtag(part), ChecksumSHA256: part.checksumSha256 },
    { headers: { 'x-amz-copy-source-version-id': source.versionId } },
  )
}

const completeRequest = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(
        z.object({
          PartNumber: z.string().regex(/^\s*\d+\s*$/),
          ETag: z.string(),
          ChecksumSHA256: z.string().optional(),
        }),
      )
      .min(1),
  }),
})

/** The checksum of the whole is SHA-256 over the parts' digests, `-<parts>` appended (formats.md 4.4). */
export async function completeMultipartUpload(call: ObjectCall): Promise<Response> {
  const upload = uploadOf(call)
  const parsed = completeRequest.safeParse(parseXml(await readText(call.body())))
  if (!parsed.success) throw malformedXml(parsed.error)
  const named = parsed.data.CompleteMultipartUpload.Part.map((part) => ({
    partNumber: Number(part.PartNumber),
    etag: unquoted(part.ETag),
    sha256: part.ChecksumSHA256,
  }))
  if (upload.sha256) requirePartChecksums(call.store.parts(upload.uploadId), named)
  const version = await call.store.completeUpload(upload.uploadId, named, writeConditions(call.header))
  return xmlAnswer(
    'CompleteMultipartUploadResult',
    {
      Location: `http://${call.request.headers.get('host') ?? 'localhost'}/${call.bucket}/${awsEncodePath(call.key)}`,
      Bucket: call.bucket,
      Key: call.key,
      ETag: quotedEtag(version),
      ChecksumSHA256: version.checksumSha256,
      ChecksumType: version.checksumSha256 === undefined ? undefined : checksumType(version.checksumSha256),
    },
    { headers: { 'x-amz-version-id': version.versionId } },
  )
}

function requirePartChecksums(
  uploaded: readonly UploadedPart[],
  named: readonly (CompletedPart & { readonly sha256: string | undefined })[],
): void {
  const byNumber = new Map(uploaded.map((part) => [part.partNumber, part]))
  for (const { partNumber, sha256 } of named) {
    if (sha256 === undefined)
      throw new S3Error(
        'InvalidRequest',
        'The upload was created using a sha256 checksum. The complete request must include the checksum for each part.',
      )
    if (byNumber.get(partNumber)?.checksumSha256 !== sha256)
      throw new S3Error('InvalidPart', `The checksum of part ${partNumber} is not the one that was uploaded.`)
  }
}

export function abortMultipartUpload(call: ObjectCall): Response {
  call.store.abortUpload(uploadOf(call).uploadId)
  return emptyAnswer(204)
}

export function listParts(call: ObjectCall): Response {
  const { uploadId } = uploadOf(call)
  const marker = Number(call.query('part-number-marker') || 0)
  const maxParts = Math.min(Number(call.query('max-parts') || 1000), 1000)
  const all = call.store.parts(uploadId).filter((part) => part.partNumber > marker)
  const page = all.slice(0, maxParts)
  return xmlAnswer('ListPartsResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
    MaxParts: maxParts,
    IsTruncated: page.length < all.length,
    Part: page.map((part) => ({
      PartNumber: part.partNumber,
      LastModified: part.modified.toISOString(),
      ETag: quotedEtag(part),
      Size: part.size,
      ChecksumSHA256: part.checksumSha256,
    })),
  })
}

export function listMultipartUploads(call: BucketCall): Response {
  const text = call.query('encoding-type') === 'url' ? awsEncodePath : (name: string) => name
  const prefix = call.query('prefix') ?? ''
  const marker = call.query('key-marker') ?? ''
  const uploadIdMarker = call.query('upload-id-marker') ?? ''
  const maxUploads = Math.min(Number(call.query('max-uploads') || 1000), 1000)
  const all = call.store.uploads(call.bucket, prefix)
  const markedAt = all.findIndex((upload) => upload.key === marker && upload.uploadId === uploadIdMarker)
  const after = markedAt >= 0 ? all.slice(markedAt + 1) : all.filter((upload) => marker === '' || upload.key > marker)
  const page = after.slice(0, maxUploads)
  const last = page.length < after.length ? page.at(-1) : undefined
  return xmlAnswer('ListMultipartUploadsResult', {
    Bucket: call.bucket,
    Prefix: text(prefix),
    KeyMarker: text(marker),
    UploadIdMarker: uploadIdMarker,
    NextKeyMarker: last === undefined ? undefined : text(last.key),
    NextUploadIdMarker: last?.uploadId,
    MaxUploads: maxUploads,
    EncodingType: call.query('encoding-type'),
    IsTruncated: last !== undefined,
    Upload: page.map(({ key, uploadId, initiated }) => ({
      Key: text(key),
      UploadId: uploadId,
      Initiated: initiated.toISOString(),
      StorageClass: 'STANDARD',
    })),
  })
}

/** The upload a call names; one of another bucket or key does not exist for it. */
function uploadOf(call: ObjectCall): Upload {
  const upload = call.store.upload(call.query('uploadId') ?? '')
  if (upload === undefined || upload.bucket !== call.bucket || upload.key !== call.key)
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist. It may have been aborted or completed.')
  return upload
}

function partNumberOf(call: ObjectCall): number {
  const number = Number(call.query('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
  return number
}
