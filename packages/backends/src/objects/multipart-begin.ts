// Begins an upload in parts, or goes on with one of the same content that was broken off.
import { QuiltError } from '@quilt-mcp/core'
import { contentSize } from './content.js'
import { continueLeft, type StoredPart, type UploadTarget } from './left-uploads.js'
import type { ObjectLocation } from './port.js'
import { headersOf, type PutUnderWay, targetOf } from './put-request.js'
import { notFromS3 } from './s3-answer.js'
import { nameOf } from './s3-location.js'
import type { UploadBody } from './upload-parts.js'

export interface UploadUnderWay {
  /** URL of the object, for messages. */
  readonly name: string
  readonly target: UploadTarget
  /** Parts that an earlier attempt has sent, by number. */
  readonly there: ReadonlyMap<number, StoredPart>
  /** To be called when S3 has completed or aborted it. */
  ended(): Promise<void>
}

/** @throws {QuiltError} what S3 says */
export async function beginUpload(
  location: ObjectLocation,
  body: UploadBody,
  options: PutUnderWay,
): Promise<UploadUnderWay> {
  const { s3, signal, contentType, metadata } = options
  const { bucket, key } = location
  const name = nameOf(location)
  const size = contentSize(body)
  const fingerprint = 'fingerprint' in body ? body.fingerprint : undefined
  const content = fingerprint && JSON.stringify([fingerprint, size, contentType, metadata])
  const left = await continueLeft(s3, location, { content, signal })
  if (left !== undefined) return { name, target: left.target, there: left.there, ended: () => left.kept.forget() }
  const input = { ...targetOf(location), ...headersOf(options), ChecksumAlgorithm: 'SHA256' } as const
  // Noted first: of an upload that S3 has begun and nobody knows of, nobody would take the parts back.
  const kept = await s3.uploading.keep({
    bucket,
    key,
    ...(content === undefined ? {} : { content }),
    startedMs: Date.now(),
  })
  const create = s3.run(`Writing ${name}`, signal, ({ sdk, client, send }) =>
    client.send(new sdk.CreateMultipartUploadCommand(input), send),
  )
  const { UploadId: uploadId } = await create.catch(async (error: unknown) => {
    if (error instanceof QuiltError && !error.retryable) await kept.forget()
    throw error
  })
  if (uploadId === undefined) throw notFromS3()
  await kept.begun(uploadId)
  return { name, target: { ...targetOf(location), UploadId: uploadId }, there: new Map(), ended: () => kept.forget() }
}
