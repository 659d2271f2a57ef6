import { type BucketCall, emptyAnswer, type ServiceCall, xmlAnswer } from './call.js'
import { accessDenied, S3Error } from './errors.js'

/** The one region of a stack. */
export const region = 'us-east-1'

/** The buckets that the caller's role reaches. */
export function listBuckets({ store, principal }: ServiceCall): Response {
  const visible = store.bucketNames().filter((name) => principal.permissions.has(name))
  return xmlAnswer('ListAllMyBucketsResult', {
    Owner: { ID: 'quilt-stack', DisplayName: 'quilt-stack' },
    Buckets: {
      Bucket: visible.map((name) => ({ Name: name, CreationDate: store.bucketCreated(name)?.toISOString() })),
    },
  })
}

export const headBucket = (): Response => emptyAnswer(200, { 'x-amz-bucket-region': region })

export const getBucketLocation = (): Response => xmlAnswer('LocationConstraint', '') // S3 says nothing for us-east-1

export const getBucketVersioning = (): Response => xmlAnswer('VersioningConfiguration', { Status: 'Enabled' })

/** Admins only. */
export function createBucket({ store, principal, bucket }: BucketCall): Response {
  if (!principal.isAdmin) throw accessDenied('Only admins of this stack create buckets')
  if (store.hasBucket(bucket))
    throw new S3Error('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded.')
  store.createBucket(bucket)
  return emptyAnswer(200, { location: `/${bucket}` })
}
