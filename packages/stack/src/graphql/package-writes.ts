// Making, promoting and removing revisions (formats.md 7.4).
import type { JsonObject } from '@quilt-mcp/core'
import type { EntryInput } from '../packages/new-entry.js'
import type { Revision } from '../packages/pointers.js'
import type { PushParams } from '../packages/push.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import { callerOf, type GraphqlContext } from './caller.js'
import { orRefusal } from './refusals.js'

interface ParamsInput {
  readonly bucket: string
  readonly name: string
  readonly message?: string | null
  readonly userMeta?: JsonObject | null
  readonly workflow?: string | null
}

/** An entry as GraphQL takes it: what is not given may be null. */
type EntryArgs = { readonly [Key in keyof EntryInput]: EntryInput[Key] | null } & Pick<
  EntryInput,
  'logicalKey' | 'physicalKey'
>

interface RevisionArgs {
  readonly bucket: string
  readonly name: string
  readonly hash: string
}

export const packageWriteResolvers = (packages: RegistryPackages) => ({
  Mutation: {
    packageConstruct(
      _: unknown,
      { params, src }: { readonly params: ParamsInput; readonly src: { readonly entries: readonly EntryArgs[] } },
      context: GraphqlContext,
    ) {
      const principal = callerOf(context)
      return orRefusal(async () =>
        pushed(await packages.construct(principal, pushParams(params), src.entries.map(entryInput))),
      )
    },
    packagePromote(
      _: unknown,
      args: { readonly params: ParamsInput; readonly src: RevisionArgs; readonly destPrefix?: string | null },
      context: GraphqlContext,
    ) {
      const principal = callerOf(context)
      const { params, src, destPrefix } = args
      const source = { bucket: src.bucket, name: src.name, topHash: src.hash }
      return orRefusal(async () =>
        pushed(await packages.promote(principal, pushParams(params), { source, destPrefix })),
      )
    },
    packageRevisionDelete(_: unknown, { bucket, name, hash }: RevisionArgs, context: GraphqlContext) {
      const principal = callerOf(context)
      return orRefusal(async () => {
        await packages.removeRevision(principal, { bucket, name, topHash: hash })
        return { __typename: 'PackageRevisionDeleteSuccess' }
      })
    },
  },
})

const pushed = (revision: Revision) => ({
  __typename: 'PackagePushSuccess',
  package: { bucket: revision.bucket, name: revision.name },
  revision,
})

const pushParams = ({ bucket, name, message, userMeta, workflow }: ParamsInput): PushParams => ({
  bucket,
  name,
  message: message ?? null,
  userMeta: userMeta ?? undefined,
  workflow,
})

const entryInput = ({ logicalKey, physicalKey, hash, size, meta }: EntryArgs): EntryInput => ({
  logicalKey,
  physicalKey,
  hash: hash ?? undefined,
  size: size ?? undefined,
  meta: meta ?? undefined,
})
