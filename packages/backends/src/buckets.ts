// Buckets as the registry shows them to the caller's active role.
import { checkBucketName, QuiltError } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { Bucket, Buckets } from './backend.js'
import { isVersioned } from './bucket-versioning.js'
import type { CallOptions } from './call-options.js'
import { pageOf } from './cursor.js'
import type { S3Access } from './objects/s3-access.js'
import { noBucket } from './packages/revisions.js'
import type { RegistryGraphql } from './registry-api/graphql.js'
import { bucketQuery } from './registry-api/operations/bucket.js'
import { type bucketShape, bucketsQuery } from './registry-api/operations/buckets.js'

/** Makes the buckets of one principal. @param s3 asked whether a bucket keeps versions, which the registry does not know */
export function registryBuckets(graphql: RegistryGraphql, s3: S3Access): Buckets {
  return {
    async list(page = {}) {
      const { buckets } = await graphql.run(bucketsQuery, {}, page)
      return pageOf(buckets.map(bucketOf), page)
    },
    async get(name, options) {
      checkBucketName(name)
      const { bucket } = await graphql.run(bucketQuery, { name }, options)
      if (bucket === null) throw noBucket(name)
      const versioned = await s3
        .run(`Looking at s3://${name}`, options?.signal, (call) => isVersioned(name, call))
        .catch((error: unknown) => unknownUnlessStopped(error, options))
      return { ...bucketOf(bucket), ...(versioned === undefined ? {} : { versioned }) }
    },
  }
}

/** Who has no credentials, or no S3 that answers, still sees the bucket. */
function unknownUnlessStopped(error: unknown, { signal }: CallOptions = {}): undefined {
  if (signal?.aborted || !(error instanceof QuiltError)) throw error
}

function bucketOf({ name, title, description, tags }: z.output<typeof bucketShape>): Bucket {
  return { name, ...(title ? { title } : {}), ...(description ? { description } : {}), ...(tags ? { tags } : {}) }
}
