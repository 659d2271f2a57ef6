// Begins an upload in parts, or goes on with one of the same content that was broken off.
import { QuiltError } from '@quilt-mcp/core'
import { continueLeft, type StoredPart, type UploadTarget } from './left-uploads.js'
import type { ObjectLocation } from './port.js'
import { headersOf, type PutRequest, targetOf } from './put-request.js'
import { notFromS3 } from './s3-answer.js'
import { nameOf } from './s3-location.js'

export interface UploadUnderWay {
  /** URL of the object, for messages. */
  readonly name: string
  readonly target: UploadTarget
  /** Parts that an earlier attempt has sent, by number. */
  readonly there: ReadonlyMap<number, StoredPart>
  /** To be called when S3 has completed or aborted it. */
  ended(): Promise<void>
}

/** What is uploaded. */
export interface UploadContent {
  /** Bytes. */
  readonly size: number
  /** Tells these bytes from others. Absent: an upload of them is never continued. */
  readonly fingerprint?: string | undefined
}

/** @throws {QuiltError} what S3 says */
export async function beginUpload(
  location: ObjectLocation,
  { size, fingerprint }: UploadContent,
  options: PutRequest,
): Promise<UploadUnderWay> {
  const { s3, signal, contentType, metadata } = options
  const { bucket, key } = location
  const name = nameOf(location)
  const content = fingerprint && JSON.stringify([fingerprint, size, contentType, metadata])
  const left = await continueLeft(s3, location, { content, signal })
  if (left !== undefined) return { name, target: left.target, there: left.there, ended: () => left.kept.forget() }
  const input = { ...targetOf(location), ...headersOf(options), ChecksumAlgorithm: 'SHA256' } as const
  const kept = await s3.uploading.keep({
    bucket,
    key,
    startedMs: Date.now(),
    ...(content === undefined ? {} : { content }),
  })
  try {
    const { UploadId } = await s3.run(`Writing ${name}`, signal, ({ sdk, client, send }) =>
      client.send(new sdk.CreateMultipartUploadCommand(input), send),
    )
    if (UploadId === undefined) throw notFromS3()
    await kept.began(UploadId)
    return { name, target: { ...targetOf(location), UploadId }, there: new Map(), ended: () => kept.forget() }
  } catch (error) {
    // S3 may have begun it and the answer was lost: then the note is what finds it.
    if (wasRefused(error)) await kept.forget()
    throw error
  }
}

function wasRefused(error: unknown): boolean {
  const status = error instanceof QuiltError ? error.details?.status : undefined
  return typeof status === 'number' && status < 500
}
