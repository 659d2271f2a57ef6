import { z } from 'zod'
import { datetime, fields, number, record } from '../answer.js'
import { operation } from '../operation.js'

/** What lists and look-ups tell of a revision. */
export const revisionFields = {
  hash: z.string(),
  modified: datetime,
  message: z.string().nullish(),
  totalEntries: number.nullish(),
  totalBytes: number.nullish(),
}
export const revisionShape = record(revisionFields)

/** One revision by tag or full hash; `revision` is null when it is unknown, `package` when there is none, `bucket` when it is not visible. */
export const packageRevisionQuery = operation<{ bucket: string; name: string; hashOrTag: string }>()({
  document: /* GraphQL */ `query PackageRevision($bucket: String!, $name: String!, $hashOrTag: String!) {
    bucket(name: $bucket) { name }
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hashOrTag) { hash modified message totalEntries totalBytes }
    }
  }`,
  attempt: 'Looking up a revision',
  kind: 'quick',
  read: fields(
    record({
      bucket: record({ name: z.string() }).nullable(),
      package: record({ revision: revisionShape.nullable() }).nullable(),
    }),
  ),
})
