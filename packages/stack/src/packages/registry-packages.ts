// The packages of a registry: what GraphQL and browse ask, over the objects of the buckets (formats.md 1, 7.3, 7.4).
import { type Entry, nameFilter } from '@quilt-mcp/core'
import { mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore } from '../store/object-store.js'
import { constructPackage } from './construct.js'
import { findEntry } from './directory.js'
import { OperationRefused } from './failures.js'
import { type Manifest, openManifests } from './manifests.js'
import type { EntryInput } from './new-entry.js'
import { writePointers } from './pointer-writes.js'
import { type Pointers, type Revision, readPointers } from './pointers.js'
import { type PromoteSource, promotePackage } from './promote.js'
import { checkWritable, type PushDeps, type PushParams } from './push.js'

/** Reading asks nobody's permission: the caller of this does. Writing takes the principal and checks it. */
export interface RegistryPackages extends Pick<Pointers, 'modified' | 'seconds' | 'at' | 'resolve'> {
  /** Names in a bucket, by code point.
   * @param filter text that they hold, in any case; or a pattern with `*` and `?` */
  names(bucket: string, filter?: string): readonly string[]
  /** Undefined when there is none. @throws {QuiltError} `upstream` when it is damaged */
  manifest(bucket: string, topHash: string): Promise<Manifest | undefined>
  /** One file of a revision. Undefined when the package, the revision or the file is not there. */
  entry(bucket: string, name: string, topHash: string, logicalKey: string): Promise<Entry | undefined>
  /** See {@link constructPackage}. */
  construct(principal: Principal, params: PushParams, entries: readonly EntryInput[]): Promise<Revision>
  /** See {@link promotePackage}. */
  promote(
    principal: Principal,
    params: PushParams,
    from: { readonly source: PromoteSource; readonly destPrefix: string | null | undefined },
  ): Promise<Revision>
  /** Removes all pointers to a revision; manifest and data stay. @throws {OperationRefused} when the caller may not, or there is none */
  removeRevision(principal: Principal, revision: PromoteSource): Promise<void>
}

export interface RegistryPackagesDeps {
  readonly store: ObjectStore
  readonly now?: () => Date
}

/** Opens the packages of the buckets of a store. */
export function openPackages({ store, now = () => new Date() }: RegistryPackagesDeps): RegistryPackages {
  const pointers = readPointers(store)
  const writes = writePointers({ store, pointers, now })
  const manifests = openManifests(store)
  const deps: PushDeps = { store, pointers, writes, manifests }
  return {
    modified: pointers.modified,
    seconds: pointers.seconds,
    at: pointers.at,
    resolve: pointers.resolve,
    names(bucket, filter = '') {
      const matches = nameFilter(filter)
      return pointers.names(bucket).filter(matches)
    },
    manifest: manifests.read,
    async entry(bucket, name, topHash, logicalKey) {
      const revision = await pointers.resolve(bucket, name, topHash)
      const manifest = revision && (await manifests.read(bucket, revision.topHash))
      return manifest && (await findEntry(manifest, logicalKey))
    },
    construct: (principal, params, entries) => constructPackage(deps, principal, params, entries),
    promote: (principal, params, from) => promotePackage(deps, principal, params, from),
    async removeRevision(principal, { bucket, name, topHash }) {
      const readable = mayAccess(principal, bucket, 'READ')
      const revision = readable ? await pointers.resolve(bucket, name, topHash) : undefined
      if (revision?.topHash.startsWith(topHash) !== true)
        throw new OperationRefused('QuiltException', `${name} in ${bucket} has no revision ${topHash}.`)
      checkWritable(store, principal, bucket)
      await writes.remove(bucket, name, revision.topHash)
    },
  }
}
