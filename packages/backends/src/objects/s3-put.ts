// Writes one object: in one request below 8 MiB, in parts from there on; always with SHA-256 checksums (formats.md 4.2, 4.4).
import type { StreamedBytes } from '../packages/stores/registry-store.js'
import { contentSize } from './content.js'
import { takeBackLeft } from './left-uploads.js'
import type { ObjectLocation, WrittenObject } from './port.js'
import {
  commitOf,
  hashOfDigests,
  headersOf,
  type PutRequest,
  type PutUnderWay,
  sha256Of,
  targetOf,
  type Written,
} from './put-request.js'
import { checkedEtag } from './s3-answer.js'
import { nameOf } from './s3-location.js'
import { putParts } from './s3-multipart.js'
import { openParts, type UploadBody } from './upload-parts.js'

/** From this size on objects go in parts (formats.md 4.4). */
export const multipartFromBytes = 8_388_608

/** Writes the object. Nothing is visible of one that fails; what was sent of it is removed again.
 * @throws {QuiltError} `partial` when there are not as many bytes as were announced, `conflict` when they change while they are read; else
 *   what S3 says */
export async function putObject(
  location: ObjectLocation,
  body: UploadBody,
  options: PutRequest,
): Promise<WrittenObject> {
  const { contentType, metadata, s3, signal } = options
  const size = contentSize(body)
  if (size < multipartFromBytes) await takeBackLeft(s3, location, signal)
  const digests: Uint8Array[] = []
  const written = await (size < multipartFromBytes ? putWhole : putParts)(location, body, { ...options, digests })
  return {
    bucket: location.bucket,
    key: location.key,
    ...(written.VersionId === undefined ? {} : { versionId: written.VersionId }),
    size,
    etag: checkedEtag(written.ETag),
    hash: hashOfDigests(digests),
    ...(contentType === undefined ? {} : { contentType }),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

async function putWhole(location: ObjectLocation, body: UploadBody, options: PutUnderWay): Promise<Written> {
  const { s3, signal, onProgress, onHash, digests } = options
  const parts = await openParts(body, { budget: s3.uploading.budget, signal })
  try {
    const part = await parts.take()
    try {
      if (part !== undefined) await parts.take()
      await parts.check()
      const bytes = part?.bytes ?? new Uint8Array()
      const digest = await sha256Of(bytes)
      if (part !== undefined) digests.push(digest)
      onHash?.(hashOfDigests(digests))
      const input = {
        ...targetOf(location),
        ...headersOf(options),
        Body: bytes,
        ChecksumSHA256: Buffer.from(digest).toString('base64'),
      }
      const written = await s3.run(`Writing ${nameOf(location)}`, signal, ({ sdk, client, send }) =>
        commitOf(options)((condition) => client.send(new sdk.PutObjectCommand({ ...input, ...condition }), send)),
      )
      onProgress?.({ done: bytes.byteLength, total: bytes.byteLength, message: 'Uploading' })
      return written
    } finally {
      part?.release()
    }
  } finally {
    await parts.close()
  }
}

/** The bytes of a stream that goes in one request: then it can be sent again. @throws {QuiltError} `partial` when it is not of its size */
export async function wholeIfSmall(body: Uint8Array | StreamedBytes): Promise<Uint8Array | StreamedBytes> {
  if (body instanceof Uint8Array || body.size >= multipartFromBytes) return body
  const parts = await openParts(body, { budget: { take: async () => () => {} } })
  try {
    const whole = await parts.take()
    if (whole !== undefined) await parts.take()
    return whole?.bytes ?? new Uint8Array()
  } finally {
    await parts.close()
  }
}
