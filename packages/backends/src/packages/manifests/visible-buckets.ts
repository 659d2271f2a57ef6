// Where a registry says which buckets there are: S3 says "access denied" of those that do not exist, too.
import { QuiltError } from '@quilt-mcp/core'
import type { Buckets } from '../../backend.js'
import type { CallOptions } from '../../call-options.js'
import type { Packages } from '../port.js'

/** Packages of which a bucket that the registry does not show is `not_found`, as it is where packages are the registry's. */
export function inVisibleBuckets(packages: Packages, buckets: Pick<Buckets, 'get'>): Packages {
  const looked = async <T>(bucket: string, options: CallOptions | undefined, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof QuiltError && error.details?.s3 === 'AccessDenied') {
        await buckets.get(bucket, options?.signal === undefined ? {} : { signal: options.signal })
      }
      throw error
    }
  }
  const { promote } = packages
  return {
    list: (bucket, page) => looked(bucket, page, packages.list(bucket, page)),
    revisions: (ref, page) => looked(ref.bucket, page, packages.revisions(ref, page)),
    resolve: (ref, tagOrHash, options) => looked(ref.bucket, options, packages.resolve(ref, tagOrHash, options)),
    open: (revision, options) => looked(revision.bucket, options, packages.open(revision, options)),
    push: (plan, options) => looked(plan.bucket, options, packages.push(plan, options)),
    check: (plan, options) => looked(plan.bucket, options, packages.check(plan, options)),
    workflowConfig: (bucket, options) => looked(bucket, options, packages.workflowConfig(bucket, options)),
    workflowSchema: (bucket, reference, options) =>
      looked(bucket, options, packages.workflowSchema(bucket, reference, options)),
    ...(promote && {
      promote: (revision, plan, options) => looked(plan.bucket, options, promote(revision, plan, options)),
    }),
    remove: (ref, options) => looked(ref.bucket, options, packages.remove(ref, options)),
  }
}
