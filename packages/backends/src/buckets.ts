// Buckets as the registry shows them to the caller's active role.
import { checkBucketName } from '@quilt-mcp/core'
import type { z } from 'zod'
import type { Bucket, Buckets } from './backend.js'
import { pageOf } from './cursor.js'
import { noBucket } from './packages/revisions.js'
import type { RegistryGraphql } from './registry-api/graphql.js'
import { bucketQuery } from './registry-api/operations/bucket.js'
import { type bucketShape, bucketsQuery } from './registry-api/operations/buckets.js'

/** Makes the buckets of one principal. */
export function registryBuckets(graphql: RegistryGraphql): Buckets {
  return {
    async list(page = {}) {
      const { buckets } = await graphql.run(bucketsQuery, {}, page)
      return pageOf(buckets.map(bucketOf), page)
    },
    async get(name, options) {
      checkBucketName(name)
      const { bucket } = await graphql.run(bucketQuery, { name }, options)
      if (bucket === null) throw noBucket(name)
      return bucketOf(bucket)
    },
  }
}

function bucketOf({ name, title, description, tags }: z.output<typeof bucketShape>): Bucket {
  return { name, ...(title ? { title } : {}), ...(description ? { description } : {}), ...(tags ? { tags } : {}) }
}
