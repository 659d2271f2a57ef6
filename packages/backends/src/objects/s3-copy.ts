// Copies an object inside S3: its bytes do not come here.
import { formatPhysicalKey, hashFromS3, type ObjectHash } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { ObjectLocation } from './port.js'
import type { S3Access } from './s3-access.js'
import { inputOf, nameOf } from './s3-location.js'

/** What one request copies at most (S3's own bound). */
export const largestCopyBytes = 5 * 1024 ** 3

/** Where an object is copied from, and to which key. */
export interface S3Copy {
  readonly from: ObjectLocation
  readonly to: Pick<ObjectLocation, 'bucket' | 'key'>
  /** Bytes. */
  readonly size: number
}

/** Copies at most 5 GiB. @returns the version that was made, where the bucket keeps versions; the hash, where S3 tells it */
export async function copyObject(
  { s3 }: { readonly s3: S3Access },
  { from, to, size }: S3Copy,
  { signal }: CallOptions = {},
): Promise<{ readonly versionId?: string; readonly hash?: ObjectHash }> {
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
