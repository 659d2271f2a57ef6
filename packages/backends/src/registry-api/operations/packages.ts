import { z } from 'zod'
import { datetime, fields, number, record } from '../answer.js'
import { operation } from '../operation.js'

/** A page of a bucket's packages by name; null when the bucket does not exist or the caller may not see it. */
export const packagesQuery = operation<{
  bucket: string
  filter?: string | undefined
  number: number
  perPage: number
}>()({
  document: /* GraphQL */ `query Packages($bucket: String!, $filter: String, $number: Int!, $perPage: Int!) {
    packages(bucket: $bucket, filter: $filter) {
      total
      page(number: $number, perPage: $perPage, order: NAME) { name modified }
    }
  }`,
  attempt: 'Listing packages',
  kind: 'quick',
  read: fields(
    record({
      packages: record({ total: number, page: z.array(record({ name: z.string(), modified: datetime })) }).nullable(),
    }),
  ),
})
