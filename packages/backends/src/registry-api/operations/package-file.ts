import { z } from 'zod'
import { fields, number, record } from '../answer.js'
import { operation } from '../operation.js'

/** Where one file of a revision lies; `file` is null when there is none. It tells no hash. */
export const packageFileQuery = operation<{ bucket: string; name: string; hash: string; path: string }>()({
  document: /* GraphQL */ `query PackageFile($bucket: String!, $name: String!, $hash: String!, $path: String!) {
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hash) { file(path: $path) { path size physicalKey } }
    }
  }`,
  attempt: 'Looking up a file of a package',
  kind: 'slow',
  read: fields(
    record({
      package: record({
        revision: record({
          file: record({ path: z.string(), size: number, physicalKey: z.string() }).nullable(),
        }).nullable(),
      }).nullable(),
    }),
  ),
})
