import { fields, jsonObject, number, record } from '../answer.js'
import { operation } from '../operation.js'

/** The manifest header of a revision (`metadata`, formats.md 7.3) with its size. */
export const packageHeaderQuery = operation<{ bucket: string; name: string; hash: string }>()({
  document: /* GraphQL */ `query PackageHeader($bucket: String!, $name: String!, $hash: String!) {
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hash) { metadata totalEntries totalBytes }
    }
  }`,
  attempt: 'Opening a revision',
  kind: 'slow',
  read: fields(
    record({
      package: record({
        revision: record({
          metadata: jsonObject,
          totalEntries: number.nullish(),
          totalBytes: number.nullish(),
        }).nullable(),
      }).nullable(),
    }),
  ),
})
