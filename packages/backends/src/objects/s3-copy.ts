// Copies an object inside S3: its bytes do not come here.
import { formatPhysicalKey, hashFromS3, type ObjectHash } from '@quilt-mcp/core'
import type { CallOptions } from '../call-options.js'
import type { ObjectLocation } from './port.js'
import type { S3Access } from './s3-access.js'
import { copyInParts } from './s3-copy-parts.js'
import { inputOf, nameOf } from './s3-location.js'

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
