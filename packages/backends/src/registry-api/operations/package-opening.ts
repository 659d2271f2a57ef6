import { z } from 'zod'
import { fields, jsonObject, record } from '../answer.js'
import { operation } from '../operation.js'
import { revisionFields } from './package-revision.js'

/** One revision by tag or full hash together with its manifest header (`metadata`, formats.md 7.3). Nulls as in `packageRevisionQuery`. */
export const packageOpeningQuery = operation<{ bucket: string; name: string; hashOrTag: string }>()({
  document: /* GraphQL */ `query PackageOpening($bucket: String!, $name: String!, $hashOrTag: String!) {
    bucket(name: $bucket) { name }
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hashOrTag) { hash modified message totalEntries totalBytes metadata }
    }
  }`,
  attempt: 'Opening a revision',
  kind: 'slow',
  read: fields(
    record({
      bucket: record({ name: z.string() }).nullable(),
      package: record({ revision: record({ ...revisionFields, metadata: jsonObject }).nullable() }).nullable(),
    }),
  ),
})
