import { z } from 'zod'
import { fields, record } from '../answer.js'
import { operation } from '../operation.js'

const text = z.string().nullish()

/** What the registry says of a bucket. */
export const bucketShape = record({
  name: z.string(),
  title: text,
  description: text,
  tags: z.array(z.string()).nullish(),
})

/** The buckets that the caller's active role sees. */
export const bucketsQuery = operation<Record<string, never>>()({
  document: /* GraphQL */ `query Buckets { buckets { name title description tags } }`,
  attempt: 'Listing buckets',
  kind: 'quick',
  read: fields(record({ buckets: z.array(bucketShape) })),
})
