// Copies an object inside S3: its bytes do not come here.
import { formatPhysicalKey } from '@quilt-mcp/core'
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
}

/** Copies at most 5 GiB. @returns the version that was made, where the bucket keeps versions */
export async function copyObject(
  { s3 }: { readonly s3: S3Access },
  { from, to }: S3Copy,
  { signal }: CallOptions = {},
): Promise<{ readonly versionId?: string }> {
  const source = formatPhysicalKey({ kind: 's3', ...from }).slice('s3://'.length)
  return s3.run(`Copying ${nameOf(from)} to ${nameOf(to)}`, signal, async ({ sdk, client, send }) => {
    const command = new sdk.CopyObjectCommand({ ...inputOf(to), CopySource: source, ChecksumAlgorithm: 'SHA256' })
    const { VersionId } = await client.send(command, send)
    return VersionId === undefined ? {} : { versionId: VersionId }
  })
}
