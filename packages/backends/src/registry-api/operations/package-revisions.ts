import { z } from 'zod'
import { fields, number, record } from '../answer.js'
import { operation } from '../operation.js'
import { revisionShape } from './package-revision.js'

/** A page of a package's revisions, newest first; `package` is null when there is none, `bucket` when it is not visible. */
export const packageRevisionsQuery = operation<{ bucket: string; name: string; number: number; perPage: number }>()({
  document: /* GraphQL */ `query PackageRevisions($bucket: String!, $name: String!, $number: Int!, $perPage: Int!) {
    bucket(name: $bucket) { name }
    package(bucket: $bucket, name: $name) {
      revisions {
        total
        page(number: $number, perPage: $perPage) { hash modified message totalEntries totalBytes }
      }
    }
  }`,
  attempt: 'Listing revisions',
  kind: 'quick',
  read: fields(
    record({
      bucket: record({ name: z.string() }).nullable(),
      package: record({ revisions: record({ total: number, page: z.array(revisionShape) }) }).nullable(),
    }),
  ),
})
