import { z } from 'zod'
import { fields, number, record } from '../answer.js'
import { operation } from '../operation.js'

const child = z.preprocess(
  (value) => (value instanceof Map ? Object.fromEntries(value) : value),
  z.discriminatedUnion('__typename', [
    z.object({ __typename: z.literal('PackageFile'), path: z.string(), size: number, physicalKey: z.string() }),
    z.object({ __typename: z.literal('PackageDir'), path: z.string() }),
  ]),
)

/** The children of one directory; `dir` is null when there is none. Sizes of directories are not asked: they fail on large packages. */
export const packageDirQuery = operation<{ bucket: string; name: string; hash: string; path: string }>()({
  document: /* GraphQL */ `query PackageDir($bucket: String!, $name: String!, $hash: String!, $path: String!) {
    package(bucket: $bucket, name: $name) {
      revision(hashOrTag: $hash) {
        dir(path: $path) {
          path
          children { __typename ... on PackageFile { path size physicalKey } ... on PackageDir { path } }
        }
      }
    }
  }`,
  attempt: 'Listing a directory of a package',
  kind: 'slow',
  read: fields(
    record({
      package: record({
        revision: record({ dir: record({ path: z.string(), children: z.array(child) }).nullable() }).nullable(),
      }).nullable(),
    }),
  ),
})
