// What becomes of uploads that an earlier process left: the same content goes on with its own, all else is taken back.
import type { ObjectLocation } from './port.js'
import type { S3Access } from './s3-access.js'
import { s3Failure } from './s3-error.js'
import { nameOf } from './s3-location.js'
import type { KeptUpload, LeftUpload, UploadRecord } from './unfinished-uploads.js'

/** Which upload, in S3's words. */
export interface UploadTarget {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string
}

/** A part that S3 has. */
export interface StoredPart {
  readonly size: number
  readonly etag: string | undefined
  /** Base64 of its SHA-256. Absent where S3 does not tell. */
  readonly checksum: string | undefined
}

const longestContinuedMs = 86_400_000

/** Within which an upload has begun whose answer was not noted: S3's clock is not ours, and a call is tried again. */
const begunWithinMs = 120_000

/** Before a write: takes back what nobody will go on with in the bucket, or at the key. What fails of that fails no write. */
export async function takeBackLeft(
  s3: S3Access,
  { bucket, key }: ObjectLocation,
  signal: AbortSignal | undefined,
): Promise<void> {
  const isOver = (record: UploadRecord) => record.key === key || !isContinuable(record)
  for (const left of await s3.uploading.takeLeft(bucket, isOver)) await takeBack(s3, left, signal)
}

/** An upload that is gone on with. */
export interface ContinuedUpload {
  readonly target: UploadTarget
  readonly kept: KeptUpload
  readonly there: ReadonlyMap<number, StoredPart>
}

/** Goes on with what was left of the same content at a key. What nobody will go on with is taken back.
 * @param content as in the record. Undefined: nothing is continued */
export async function continueLeft(
  s3: S3Access,
  { bucket, key }: ObjectLocation,
  { content, signal }: { readonly content: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<ContinuedUpload | undefined> {
  let continued: ContinuedUpload | undefined
  const isMeant = (record: UploadRecord) => record.key === key || !isContinuable(record)
  for (const left of await s3.uploading.takeLeft(bucket, isMeant)) {
    const { record } = left
    const { uploadId } = record
    const isSame = record.key === key && isContinuable(record) && record.content === content
    if (continued !== undefined || !isSame || uploadId === undefined) {
      await takeBack(s3, left, signal)
      continue
    }
    const kept = await left.claim()
    if (kept === undefined) continue
    const target = { Bucket: bucket, Key: key, UploadId: uploadId }
    const there = await partsThere(s3, target, signal)
    if (there === undefined) await kept.forget()
    else continued = { target, kept, there }
  }
  return continued
}

const isContinuable = ({ content, startedMs }: UploadRecord): boolean =>
  content !== undefined && Date.now() - startedMs < longestContinuedMs

async function takeBack(s3: S3Access, left: LeftUpload, signal: AbortSignal | undefined): Promise<void> {
  try {
    const kept = await left.claim()
    if (kept === undefined) return
    for (const target of await targetsOf(s3, left.record, signal)) await abortUpload(s3, target, signal)
    await kept.forget()
  } catch (error) {
    signal?.throwIfAborted()
    s3.uploading.onProblem(error)
  }
}

/** The upload of a note. Of one that says nothing of S3's answer: what began at that key at that time. */
async function targetsOf(
  s3: S3Access,
  { bucket, key, uploadId, startedMs }: UploadRecord,
  signal: AbortSignal | undefined,
): Promise<readonly UploadTarget[]> {
  if (uploadId !== undefined) return [{ Bucket: bucket, Key: key, UploadId: uploadId }]
  const { Uploads = [] } = await s3.run(`Looking for uploads of ${nameOf({ bucket, key })}`, signal, (call) =>
    call.client.send(new call.sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }), call.send),
  )
  return Uploads.flatMap(({ Key, UploadId, Initiated }) =>
    Key === key && UploadId !== undefined && Math.abs((Initiated?.getTime() ?? 0) - startedMs) < begunWithinMs
      ? [{ Bucket: bucket, Key: key, UploadId }]
      : [],
  )
}

/** Removes what S3 has of an upload. Harmless when there is none. */
export async function abortUpload(s3: S3Access, target: UploadTarget, signal?: AbortSignal): Promise<void> {
  await unlessGone(s3, target, signal, ({ sdk, client, send }) =>
    client.send(new sdk.AbortMultipartUploadCommand(target), send),
  )
}

/** The parts that S3 has of an upload, by number. Undefined when there is no such upload. */
export async function partsThere(
  s3: S3Access,
  target: UploadTarget,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, StoredPart> | undefined> {
  const parts = new Map<number, StoredPart>()
  let marker: string | undefined
  do {
    const after = marker === undefined ? {} : { PartNumberMarker: marker }
    const page = await unlessGone(s3, target, signal, ({ sdk, client, send }) =>
      client.send(new sdk.ListPartsCommand({ ...target, ...after }), send),
    )
    if (page === undefined) return undefined
    for (const { PartNumber, Size = 0, ETag, ChecksumSHA256 } of page.Parts ?? []) {
      if (PartNumber !== undefined) parts.set(PartNumber, { size: Size, etag: ETag, checksum: ChecksumSHA256 })
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker !== undefined)
  return parts
}

/** The outcome of a call about an upload; undefined when S3 knows no such upload. */
function unlessGone<T>(
  s3: S3Access,
  { Bucket, Key }: UploadTarget,
  signal: AbortSignal | undefined,
  work: Parameters<typeof s3.run<T>>[2],
): Promise<T | undefined> {
  return s3.run(`Looking at an upload of ${nameOf({ bucket: Bucket, key: Key })}`, signal, async (call) => {
    try {
      return await work(call)
    } catch (error) {
      if (s3Failure(error)?.name === 'NoSuchUpload') return undefined
      throw error
    }
  })
}
