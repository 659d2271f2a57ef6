// Sends an object in parts, several at a time, and makes it visible at the end. One that fails is taken back.
import { partSizeBytes, QuiltError } from '@quilt-mcp/core'
import { contentSize } from './content.js'
import { abortUpload } from './left-uploads.js'
import { beginUpload, type UploadUnderWay } from './multipart-begin.js'
import type { ObjectLocation } from './port.js'
import { commitOf, hashOfDigests, type PutUnderWay, sha256Of, type Written } from './put-request.js'
import type { S3Access } from './s3-access.js'
import { nameOf } from './s3-location.js'
import { openParts, type UploadBody, type UploadPart } from './upload-parts.js'

/** How many parts of one object are on their way at the same time; all together are bounded by the budget. */
const partsAtOnce = 6

/** Writes an object of 8 MiB or more. */
export async function putParts(location: ObjectLocation, body: UploadBody, options: PutUnderWay): Promise<Written> {
  const { s3, signal, digests, onHash } = options
  const fingerprint = 'fingerprint' in body ? body.fingerprint : undefined
  const upload = await beginUpload(location, { size: contentSize(body), fingerprint }, options)
  try {
    const sent = await sendParts(upload, body, options)
    digests.push(...sent.map(({ digest }) => digest))
    onHash?.(hashOfDigests(digests))
    const complete = {
      ...upload.target,
      MultipartUpload: {
        Parts: sent.map(({ etag, checksum }, index) => ({
          PartNumber: index + 1,
          ETag: etag,
          ChecksumSHA256: checksum,
        })),
      },
    }
    const written = await s3.run(`Writing ${nameOf(location)}`, signal, ({ sdk, client, send }) =>
      commitOf(options)((condition) =>
        client.send(new sdk.CompleteMultipartUploadCommand({ ...complete, ...condition }), send),
      ),
    )
    await upload.ended()
    return written
  } catch (cause) {
    await takeBack(location, upload, { s3, cause })
    throw cause
  }
}

interface SentPart {
  readonly digest: Uint8Array
  /** Base64 of the digest. */
  readonly checksum: string
  readonly etag: string | undefined
}

async function sendParts(upload: UploadUnderWay, body: UploadBody, options: PutUnderWay): Promise<readonly SentPart[]> {
  const { s3, signal, onProgress } = options
  const total = contentSize(body)
  const sent = new Array<SentPart>(Math.ceil(total / partSizeBytes(total)))
  const parts = await openParts(body, { budget: s3.uploading.budget, signal })
  let done = 0
  let failed = false

  const sendPart = async ({ number, bytes }: UploadPart): Promise<SentPart> => {
    const digest = await sha256Of(bytes)
    const checksum = Buffer.from(digest).toString('base64')
    const there = upload.there.get(number)
    if (there?.checksum === checksum && there.size === bytes.byteLength) return { digest, checksum, etag: there.etag }
    const { ETag: etag } = await s3.run(`Writing ${upload.name}`, signal, ({ sdk, client, send }) =>
      client.send(
        new sdk.UploadPartCommand({ ...upload.target, PartNumber: number, Body: bytes, ChecksumSHA256: checksum }),
        send,
      ),
    )
    return { digest, checksum, etag }
  }
  const sendNext = async (): Promise<void> => {
    while (!failed) {
      const part = await parts.take()
      if (part === undefined) return
      try {
        sent[part.number - 1] = await sendPart(part)
        done += part.bytes.byteLength
        onProgress?.({ done, total, message: 'Uploading' })
      } finally {
        part.release()
      }
    }
  }
  const failing = (error: unknown): never => {
    failed = true
    throw error
  }
  try {
    // All are waited for: a part that arrives after the upload was taken back would stay, and cost, for good.
    const runs = await Promise.allSettled(Array.from({ length: partsAtOnce }, () => sendNext().catch(failing)))
    const broken = runs.find((run) => run.status === 'rejected')
    if (broken !== undefined) throw broken.reason
    await parts.check()
    return sent
  } finally {
    await parts.close()
  }
}

/** Ends an upload that failed. Parts already sent cost storage until the upload is aborted. The caller's own abort must not stop this. */
export async function takeBack(
  location: ObjectLocation,
  upload: UploadUnderWay,
  { s3, cause }: { readonly s3: S3Access; readonly cause: unknown },
): Promise<void> {
  try {
    await abortUpload(s3, upload.target)
  } catch (error) {
    throw new QuiltError('upstream', `Writing ${nameOf(location)} failed, and its sent parts could not be removed`, {
      hint: 'Try again; an administrator can remove the unfinished upload.',
      details: { uploadId: upload.target.UploadId },
      cause: new AggregateError([cause, error]),
    })
  }
  await upload.ended()
}
