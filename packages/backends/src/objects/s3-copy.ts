// Copies an object inside S3: its bytes do not come here.
import { formatPhysicalKey, hashFromS3, type ObjectHash, partSizeBytes } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../call-options.js'
import { beginUpload } from './multipart-begin.js'
import type { ObjectLocation } from './port.js'
import { hashOfDigests } from './put-request.js'
import type { S3Access } from './s3-access.js'
import { infoOf } from './s3-answer.js'
import { headObject } from './s3-head.js'
import { inputOf, nameOf } from './s3-location.js'
import { takeBack } from './s3-multipart.js'

/** What one request copies at most (S3's own bound). */
const largestCopyBytes = 5 * 1024 ** 3
/** From here on the checksum of a copy in one request is not Quilt's hash (formats.md 4.4). */
const hashedWholeBytes = 8_388_608

/** Where an object is copied from, and to which key. */
export interface S3Copy {
  readonly from: ObjectLocation
  readonly to: Pick<ObjectLocation, 'bucket' | 'key'>
  /** Bytes. */
  readonly size: number
  /** Whether the hash is not known yet, and wanted. */
  readonly wantsHash: boolean
}

/** A copy that was made. */
export interface CopiedObject {
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string
  /** Where S3 told it. */
  readonly hash?: ObjectHash
}

/** Copies an object of any size: in one request where that is enough, else in parts. */
export async function copyObject(
  deps: { readonly s3: S3Access },
  copy: S3Copy,
  options: CallOptions = {},
): Promise<CopiedObject> {
  const { size, wantsHash } = copy
  if (size > largestCopyBytes || (wantsHash && size >= hashedWholeBytes)) return copyInParts(deps, copy, options)
  return copyWhole(deps, copy, options)
}

async function copyWhole(
  { s3 }: { readonly s3: S3Access },
  { from, to, size }: S3Copy,
  { signal }: CallOptions,
): Promise<CopiedObject> {
  const source = formatPhysicalKey({ kind: 's3', ...from }).slice('s3://'.length)
  return s3.run(`Copying ${nameOf(from)} to ${nameOf(to)}`, signal, async ({ sdk, client, send }) => {
    const command = new sdk.CopyObjectCommand({ ...inputOf(to), CopySource: source, ChecksumAlgorithm: 'SHA256' })
    const { VersionId, CopyObjectResult } = await client.send(command, send)
    const hash = hashFromS3({ sha256: CopyObjectResult?.ChecksumSHA256 }, size)
    return {
      ...(VersionId === undefined ? {} : { versionId: VersionId }),
      ...(hash === undefined ? {} : { hash }),
    }
  })
}

const partsAtOnce = 8

interface CopiedPart {
  readonly etag: string | undefined
  /** Base64 of its SHA-256. Absent where S3 does not tell. */
  readonly checksum: string | undefined
}

/** Copies an object that is not empty. One that broke off is continued as an upload is.
 * @returns the version that was made, where the bucket keeps versions; the hash, where S3 tells that of each part */
export async function copyInParts(
  { s3 }: { readonly s3: S3Access },
  { from, to, size }: S3Copy,
  { signal }: CallOptions = {},
): Promise<CopiedObject> {
  const attempt = `Copying ${nameOf(from)} to ${nameOf(to)}`
  const source = formatPhysicalKey({ kind: 's3', ...from }).slice('s3://'.length)
  const partSize = partSizeBytes(size)
  const fingerprint = from.versionId === undefined ? undefined : `copy of ${source}`
  const described = await s3.run(`Looking up ${nameOf(from)}`, signal, (call) => headObject(call, inputOf(from)))
  const { contentType, metadata } = infoOf(from, described)
  const upload = await beginUpload(to, { size, fingerprint }, { s3, signal, contentType, metadata })
  const copyPart = async (number: number): Promise<CopiedPart> => {
    const first = (number - 1) * partSize
    const last = Math.min(first + partSize, size) - 1
    const there = upload.there.get(number)
    if (there?.size === last - first + 1) return there
    const input = {
      ...upload.target,
      PartNumber: number,
      CopySource: source,
      CopySourceRange: `bytes=${first}-${last}`,
    }
    const { CopyPartResult } = await s3.run(attempt, signal, ({ sdk, client, send }) =>
      client.send(new sdk.UploadPartCopyCommand(input), send),
    )
    return { etag: CopyPartResult?.ETag, checksum: CopyPartResult?.ChecksumSHA256 }
  }
  try {
    const limit = pLimit(partsAtOnce)
    const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1)
    let failure: { readonly error: unknown } | undefined
    // All that were begun are waited for: a part that arrives after the upload was taken back would stay, and cost, for good.
    const copied = await limit.map(numbers, async (number) => {
      if (failure !== undefined) return undefined
      try {
        signal?.throwIfAborted()
        return await copyPart(number)
      } catch (error) {
        failure ??= { error }
        return undefined
      }
    })
    if (failure !== undefined) throw failure.error
    const parts = copied.filter((part) => part !== undefined)
    const { VersionId } = await s3.run(attempt, signal, ({ sdk, client, send }) =>
      client.send(
        new sdk.CompleteMultipartUploadCommand({
          ...upload.target,
          MultipartUpload: {
            Parts: parts.map(({ etag, checksum }, index) => ({
              PartNumber: index + 1,
              ETag: etag,
              ChecksumSHA256: checksum,
            })),
          },
        }),
        send,
      ),
    )
    await upload.ended()
    const digests = parts.flatMap(({ checksum }) => (checksum === undefined ? [] : [Buffer.from(checksum, 'base64')]))
    return {
      ...(VersionId === undefined ? {} : { versionId: VersionId }),
      ...(digests.length === parts.length ? { hash: hashOfDigests(digests) } : {}),
    }
  } catch (cause) {
    await takeBack(to, upload, { s3, cause })
    throw cause
  }
}
