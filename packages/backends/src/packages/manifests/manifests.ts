// Packages in registries that are nothing but stored files: a bucket, or a directory. All is told by pointers and manifests.
import { checkBucketName, nameFilter, QuiltError } from '@quilt-mcp/core'
import pLimit from 'p-limit'
import type { CallOptions } from '../../call-options.js'
import { pageOf } from '../../cursor.js'
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { Objects } from '../../objects/port.js'
import { createIndexCache, type IndexCache } from '../indexes/index-cache.js'
import type { Packages } from '../port.js'
import { removeRevisions } from '../remove.js'
import { checkRef, noBucket, resolveRevision } from '../revisions.js'
import type { RegistryStore } from '../stores/registry-store.js'
import type { CopyInside } from './entry-copy.js'
import { findPackages } from './pointer-names.js'
import { type InBucket, pointerRevisions } from './pointer-revisions.js'
import { pointerRemoval } from './pointer-writes.js'
import { promoteManifest } from './promote.js'
import { checkManifestPush, type ManifestPushDeps, pushManifest } from './push.js'
import { loadSchema, readWorkflowConfig } from './push-workflow.js'
import { openRevision } from './reader.js'

export interface ManifestPackagesDeps {
  /** The registry of a bucket, reached with the rights of one principal. @throws {QuiltError} `not_found` when there is none */
  storeOf(bucket: string): RegistryStore
  /** Reads schemas of workflows that lie in other buckets. */
  readonly objects: Pick<Objects, 'read' | 'put'>
  /** Looks at the objects that entries name, and reads them. */
  readonly entries: EntryObjects
  /** Shared by all backends of a process, if given: it keeps what was learned of large manifests. */
  readonly indexes?: IndexCache | undefined
  /** Copies objects of a promotion. Absent: they are read and written. */
  readonly copyInside?: CopyInside | undefined
  /** What is to be known of every push into a bucket: that it keeps no versions. */
  readonly notesOf?: ManifestPushDeps['notesOf']
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

const lookupsAtOnce = 16

/** Makes the packages of one principal. Nothing is read before the first call. */
export function manifestPackages({
  storeOf,
  objects,
  entries,
  indexes = createIndexCache(),
  copyInside,
  notesOf,
  now = Date.now,
}: ManifestPackagesDeps): Packages {
  const inBucket: InBucket = async (bucket, work) => {
    try {
      return await work(storeOf(bucket))
    } catch (error) {
      throw isMissingBucket(error) ? noBucket(bucket, error) : error
    }
  }
  const revisions = pointerRevisions(inBucket)
  const pushing = { objects, entries, copyInside, now, notesOf }

  return {
    async list(bucket, page = {}) {
      checkBucketName(bucket)
      return inBucket(bucket, async (store) => {
        const found = await findPackages(store, page)
        const { items, ...rest } = pageOf(found.names.filter(nameFilter(page.filter ?? '')), page)
        return {
          ...rest,
          items: await pLimit(lookupsAtOnce).map(items, async (name) => {
            const modified = await found.modified(name)
            return { bucket, name, ...(modified === undefined ? {} : { modified }) }
          }),
        }
      })
    },
    async revisions(ref, page) {
      checkRef(ref)
      return revisions.list(ref, page)
    },
    resolve: (ref, tagOrHash = 'latest', options) => resolveRevision(revisions, ref, tagOrHash, options),
    async open(revision, options) {
      checkRef(revision)
      return inBucket(revision.bucket, (store) => openRevision({ entries, indexes }, store, revision, options))
    },
    async push(plan, options) {
      checkRef(plan)
      return inBucket(plan.bucket, (store) => pushManifest(pushing, store, plan, options))
    },
    async check(plan, options) {
      checkRef(plan)
      return inBucket(plan.bucket, (store) => checkManifestPush(pushing, store, plan, options))
    },
    async workflowConfig(bucket, options) {
      checkBucketName(bucket)
      return inBucket(bucket, (store) => readWorkflowConfig(store, options))
    },
    async workflowSchema(bucket, reference, options = {}) {
      checkBucketName(bucket)
      return inBucket(bucket, (store) => loadSchema({ store, objects }, reference, options))
    },
    async promote(revision, plan, options) {
      checkRef(revision)
      checkRef(plan)
      return inBucket(revision.bucket, (source) =>
        inBucket(plan.bucket, (target) => promoteManifest(pushing, { source, target }, { revision, plan }, options)),
      )
    },
    async remove(ref, options) {
      checkRef(ref)
      return inBucket(ref.bucket, (store) => {
        const removal = pointerRemoval(store, ref)
        const removeOne = (_: unknown, topHash: string, call: CallOptions) => removal.remove(topHash, call)
        return removeRevisions({ revisions, removeOne }, ref, options)
      })
    },
  }
}

/** S3 says so of any key of a bucket that is not there. */
function isMissingBucket(error: unknown): boolean {
  if (!(error instanceof QuiltError) || error.code !== 'not_found') return false
  const { s3, missing, bucket } = error.details ?? {}
  return s3 === 'NoSuchBucket' || (missing === 'bucket' && bucket === undefined)
}
