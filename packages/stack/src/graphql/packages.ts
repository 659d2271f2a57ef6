// Packages of a bucket and their revisions as lists (formats.md 7.3).
import { compareCodePoints } from '@quilt-mcp/core'
import type { IdentityStore } from '../identity/identity-store.js'
import type { RegistryPackages } from '../packages/registry-packages.js'
import { callerOf, type GraphqlContext, visibleBucket } from './caller.js'
import { type PageArgs, pageOf } from './page.js'

/** A package as resolvers hand it on. */
export interface PackageRef {
  readonly bucket: string
  readonly name: string
}

interface PackageListRef {
  readonly bucket: string
  readonly names: readonly string[]
}

export interface PackageResolverDeps {
  readonly identity: Pick<IdentityStore, 'bucketRecord'>
  readonly packages: RegistryPackages
}

export const packageResolvers = ({ identity, packages }: PackageResolverDeps) => ({
  Query: {
    packages(
      _: unknown,
      { bucket, filter }: { readonly bucket: string; readonly filter?: string | null },
      context: GraphqlContext,
    ): PackageListRef | undefined {
      if (visibleBucket(identity, callerOf(context), bucket) === undefined) return undefined
      return { bucket, names: packages.names(bucket, filter ?? '') }
    },
    package(_: unknown, { bucket, name }: PackageRef, context: GraphqlContext): PackageRef | undefined {
      if (visibleBucket(identity, callerOf(context), bucket) === undefined) return undefined
      return packages.modified(bucket, name) === undefined ? undefined : { bucket, name }
    },
  },

  PackageList: {
    total: ({ names }: PackageListRef) => names.length,
    page(
      { bucket, names }: PackageListRef,
      { order, ...page }: PageArgs & { readonly order?: 'NAME' | 'MODIFIED' | null },
    ): readonly PackageRef[] {
      const ordered = order === 'MODIFIED' ? newestFirst(names, (name) => packages.modified(bucket, name)) : names
      return pageOf(ordered, page, 30).map((name) => ({ bucket, name }))
    },
  },

  Package: {
    modified: ({ bucket, name }: PackageRef) => packages.modified(bucket, name),
    revisions: (ref: PackageRef) => ref,
    revision: ({ bucket, name }: PackageRef, { hashOrTag }: { readonly hashOrTag?: string | null }) =>
      packages.resolve(bucket, name, hashOrTag ?? 'latest'),
  },

  PackageRevisionList: {
    total: ({ bucket, name }: PackageRef) => packages.seconds(bucket, name).length,
    async page({ bucket, name }: PackageRef, page: PageArgs) {
      const seconds = pageOf(packages.seconds(bucket, name), page, 10)
      const revisions = await Promise.all(seconds.map((second) => packages.at(bucket, name, second)))
      return revisions.filter((revision) => revision !== undefined)
    },
  },
})

function newestFirst(names: readonly string[], modified: (name: string) => Date | undefined): readonly string[] {
  return names
    .map((name) => ({ name, time: modified(name)?.getTime() ?? 0 }))
    .sort((a, b) => b.time - a.time || compareCodePoints(a.name, b.name))
    .map(({ name }) => name)
}
