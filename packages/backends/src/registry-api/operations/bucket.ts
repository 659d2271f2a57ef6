import { fields, record } from '../answer.js'
import { operation } from '../operation.js'
import { bucketShape } from './buckets.js'

/** One bucket; null when it does not exist or the caller may not see it. */
export const bucketQuery = operation<{ name: string }>()({
  document: /* GraphQL */ `query Bucket($name: String!) { bucket(name: $name) { name title description tags } }`,
  attempt: 'Looking up a bucket',
  kind: 'quick',
  read: fields(record({ bucket: bucketShape.nullable() })),
})
