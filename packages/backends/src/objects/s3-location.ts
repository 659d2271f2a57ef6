// Where one object is: checked, and in the words that S3 and people use.
import { checkBucketName, formatPhysicalKey, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { ObjectLocation } from './port.js'

/** @throws {QuiltError} `invalid_input` when it names no object */
export function checkLocation({ bucket, key }: ObjectLocation): void {
  checkBucketName(bucket)
  if (key !== '') return
  throw new QuiltError('invalid_input', `s3://${bucket} is a bucket, not an object`, {
    hint: 'Give a key, or list with bucket_objects_list.',
  })
}

/** Its URL, for messages. */
export function nameOf({ bucket, key, versionId }: ObjectLocation): string {
  return formatPhysicalKey({ kind: 's3', bucket, key, ...(versionId === undefined ? {} : { versionId }) })
}

/** The same in the SDK's words. */
export function inputOf({ bucket, key, versionId }: ObjectLocation) {
  return { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
}

/** Where the bytes of an entry lie. @throws {QuiltError} `unsupported` when they are in no bucket */
export function entryLocation({
  logicalKey,
  physicalKey,
}: {
  readonly logicalKey: string
  readonly physicalKey: string
}): ObjectLocation {
  const place = parsePhysicalKey(physicalKey)
  if (place.kind === 's3') return { bucket: place.bucket, key: place.key, versionId: place.versionId }
  throw new QuiltError(
    'unsupported',
    `${logicalKey} lies in a file of the machine that made the package, not in a bucket`,
    { hint: 'Ask who made the package to push it with its data.' },
  )
}
