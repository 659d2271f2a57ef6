// Where one object is: checked, and in the words that S3 and people use.
import { checkBucketName, formatPhysicalKey, QuiltError } from '@quilt-mcp/core'
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
