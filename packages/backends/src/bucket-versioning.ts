// Whether a bucket keeps what is overwritten. Where it does not, a revision names bytes that may be replaced under it.
import type { CallOptions } from './call-options.js'
import type { S3Access, S3Call } from './objects/s3-access.js'
import { s3Failure } from './objects/s3-error.js'

/** Undefined when it may not be asked: a right of its own, which readers seldom have. */
export async function isVersioned(bucket: string, { sdk, client, send }: S3Call): Promise<boolean | undefined> {
  try {
    const { Status } = await client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), send)
    return Status === 'Enabled'
  } catch (error) {
    if (unanswered.has(s3Failure(error)?.status ?? 0)) return undefined
    throw error
  }
}

/** Refused; and not known to some stores that speak S3. */
const unanswered: ReadonlySet<number> = new Set([403, 405, 501])

/** What who pushes into a bucket should know of it. */
export function versioningNotes(s3: S3Access) {
  return async (bucket: string, { signal }: CallOptions = {}): Promise<readonly string[]> => {
    const versioned = await s3.run(`Looking at s3://${bucket}`, signal, (call) => isVersioned(bucket, call))
    if (versioned !== false) return []
    return [
      `The bucket ${bucket} keeps no versions: when an object is overwritten, this revision can no longer show what it was made of. Switch versioning on for the bucket.`,
    ]
  }
}
