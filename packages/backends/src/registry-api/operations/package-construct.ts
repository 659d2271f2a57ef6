import type { JsonObject } from '@quilt-mcp/core'
import { member, record } from '../answer.js'
import { operation } from '../operation.js'
import { revisionShape } from './package-revision.js'

/** One entry of a new revision as the registry takes it (formats.md 7.4). */
export type ConstructEntry = {
  readonly logicalKey: string
  readonly physicalKey: string
  readonly hash?: { readonly type: string; readonly value: string } | undefined
  readonly size?: number | undefined
  readonly meta?: JsonObject | undefined
}

/** Parameters of a push; `userMeta` is an object or null. */
export type PushParams = {
  readonly bucket: string
  readonly name: string
  readonly message: string | null
  readonly userMeta?: JsonObject | null | undefined
  readonly workflow?: string | undefined
}

/** Makes a revision of exactly these entries and moves `latest` to it. Never sent twice. */
export const packageConstructMutation = operation<{
  params: PushParams
  src: { readonly entries: readonly ConstructEntry[] }
}>()({
  document: /* GraphQL */ `mutation PackageConstruct($params: PackagePushParams!, $src: PackageConstructSource!) {
    packageConstruct(params: $params, src: $src) {
      __typename
      ... on PackagePushSuccess { revision { hash modified message totalEntries totalBytes } }
      ... on InvalidInput { errors { path message name context } }
      ... on OperationError { message name context }
    }
  }`,
  attempt: 'Making a revision',
  kind: 'write',
  read: member('packageConstruct', 'PackagePushSuccess', record({ revision: revisionShape })),
})
