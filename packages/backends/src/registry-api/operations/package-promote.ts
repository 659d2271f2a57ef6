import { member, record } from '../answer.js'
import { operation } from '../operation.js'
import type { PushParams } from './package-construct.js'
import { revisionShape } from './package-revision.js'

/** Makes the same revision in another bucket, which must be a successor of its own (formats.md 7.4). Never sent twice. */
export const packagePromoteMutation = operation<{
  params: PushParams
  src: { readonly bucket: string; readonly name: string; readonly hash: string }
  destPrefix?: string | undefined
}>()({
  document: /* GraphQL */ `mutation PackagePromote(
    $params: PackagePushParams!
    $src: PackagePromoteSource!
    $destPrefix: String
  ) {
    packagePromote(params: $params, src: $src, destPrefix: $destPrefix) {
      __typename
      ... on PackagePushSuccess { revision { hash modified message totalEntries totalBytes } }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Promoting a revision',
  kind: 'write',
  read: member('packagePromote', 'PackagePushSuccess', record({ revision: revisionShape })),
})
