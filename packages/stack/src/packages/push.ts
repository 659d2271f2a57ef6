// What construct and promote have in common: who may push, the header, and the order of the writes (formats.md 1.4).
import {
  type DirectoryMeta,
  type Entry,
  type JsonObject,
  newHeader,
  parsePackageName,
  QuiltError,
} from '@quilt-mcp/core'
import { canSee, mayAccess } from '../identity/policy.js'
import type { Principal } from '../identity/principal.js'
import type { ObjectStore } from '../store/object-store.js'
import { InputRefused, OperationRefused } from './failures.js'
import type { Manifests } from './manifests.js'
import type { PointerWrites } from './pointer-writes.js'
import type { Pointers, Revision } from './pointers.js'

/** Where a revision goes and what its header says. */
export interface PushParams {
  readonly bucket: string
  readonly name: string
  readonly message: string | null
  /** Undefined: the header has no metadata. */
  readonly userMeta: JsonObject | undefined
  /** null or undefined: the default one of the bucket; empty: none. */
  readonly workflow: string | null | undefined
}

/** What pushing works with. */
export interface PushDeps {
  readonly store: ObjectStore
  readonly pointers: Pointers
  readonly writes: PointerWrites
  readonly manifests: Manifests
}

/** @throws {InputRefused} for a name that is none @throws {OperationRefused} `Forbidden` */
export function checkPush(store: ObjectStore, principal: Principal, { bucket, name }: PushParams): void {
  try {
    parsePackageName(name)
  } catch (error) {
    if (!(error instanceof QuiltError)) throw error
    throw new InputRefused([{ path: 'params.name', name: 'InvalidInputParameters', message: error.message }])
  }
  checkWritable(store, principal, bucket)
}

/** @throws {OperationRefused} `Forbidden`; in the same words for a bucket that is not there and one that the caller does not see */
export function checkWritable(store: ObjectStore, principal: Principal, bucket: string): void {
  if (!canSee(principal, bucket) || !store.hasBucket(bucket))
    throw new OperationRefused(
      'Forbidden',
      `There is no bucket ${bucket}, or the role ${principal.roleName} does not see it.`,
    )
  if (!mayAccess(principal, bucket, 'READ_WRITE'))
    throw new OperationRefused('Forbidden', `The role ${principal.roleName} may not write to ${bucket}.`)
}

/** Writes manifest, time pointer, `latest`, in this order. @param entries in tree order
 * @throws {OperationRefused} for what a manifest cannot hold */
export async function publishRevision(
  { writes, manifests, pointers }: PushDeps,
  params: PushParams,
  content: {
    readonly workflow: JsonObject | undefined
    readonly directories?: readonly DirectoryMeta[]
    readonly entries: readonly Entry[]
  },
): Promise<Revision> {
  const { bucket, name, message, userMeta } = params
  const { workflow, directories = [], entries } = content
  const header = newHeader({ message, userMeta, workflow })
  let topHash: string
  try {
    topHash = await manifests.write(bucket, { header, directories, entries })
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'invalid_input')
      throw new OperationRefused('QuiltException', error.message, { cause: error })
    throw error
  }
  await writes.publish(bucket, name, topHash)
  const revision = await pointers.resolve(bucket, name, topHash)
  if (revision === undefined) throw new OperationRefused('QuiltException', 'The new revision was removed at once.')
  return revision
}
