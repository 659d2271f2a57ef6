import { fields, jsonObject, record } from '../answer.js'
import { operation } from '../operation.js'

/** All entries of a revision as a flat map (formats.md 7.1); `contentsFlatMap` is null when there are more than `max`. */
export const packageContentsQuery = operation<{ bucket: string; name: string; hash: string; max: number }>()({
  document: /* GraphQL */ `query PackageContents($bucket: String!, $name: String!, $hash: String!, $max: Int!) {
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hash) { contentsFlatMap(max: $max) }
    }
  }`,
  attempt: 'Reading the entries of a package',
  kind: 'slow',
  read: fields(
    record({ package: record({ revision: record({ contentsFlatMap: jsonObject.nullable() }).nullable() }).nullable() }),
  ),
})
