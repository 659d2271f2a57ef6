// Packages in buckets: manifests and pointers in S3, as one principal reaches them.
import { LRUCache } from 'lru-cache'
import { versioningNotes } from '../../bucket-versioning.js'
import { s3Entries } from '../../objects/entry-facts-s3.js'
import type { Objects } from '../../objects/port.js'
import type { S3Access } from '../../objects/s3-access.js'
import { copyObject } from '../../objects/s3-copy.js'
import type { IndexCache } from '../indexes/index-cache.js'
import type { Packages } from '../port.js'
import type { RegistryStore } from '../stores/registry-store.js'
import { s3Store } from '../stores/s3-store.js'
import type { CopyInside } from './entry-copy.js'
import { manifestPackages } from './manifests.js'

export interface S3PackagesDeps {
  readonly s3: S3Access
  readonly objects: Objects
  /** Shared by all backends of a process, if given. */
  readonly indexes?: IndexCache | undefined
  /** Whether this S3 is Amazon's, which honours the conditions of writes. */
  readonly amazon: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What a store has learnt of its bucket is kept with it. */
const storesKept = 1_000

/** Makes the packages of one principal. Nothing is asked before the first call. */
export function s3Packages({ s3, objects, indexes, amazon, now }: S3PackagesDeps): Packages {
  const stores = new LRUCache<string, RegistryStore>({ max: storesKept })
  const storeOf = (bucket: string): RegistryStore => {
    const store = stores.get(bucket) ?? s3Store({ bucket, s3, honoursConditions: amazon, now })
    stores.set(bucket, store)
    return store
  }
  return manifestPackages({
    storeOf,
    objects,
    indexes,
    entries: s3Entries({ s3 }),
    copyInside: s3CopyInside(s3),
    notesOf: versioningNotes(s3),
    now,
  })
}

/** Copies inside S3. */
export function s3CopyInside(s3: S3Access): CopyInside {
  return (copy, options) => copyObject({ s3 }, copy, options)
}
