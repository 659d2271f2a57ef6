// What a principal of a registry may do in S3 with credentials of their own, beside what the registry does for them.
import type { EntryObjects } from '../../objects/entry-facts.js'
import type { Objects } from '../../objects/port.js'
import type { CopyInside } from '../manifests/entry-copy.js'
import type { RegistryStore } from '../stores/registry-store.js'

export interface OwnReach {
  readonly objects: Pick<Objects, 'read' | 'put'>
  readonly entries: EntryObjects
  readonly copyInside?: CopyInside | undefined
  /** A bucket to copy to. */
  storeOf(bucket: string): RegistryStore
  /** Whether there are credentials at all. */
  available(signal?: AbortSignal): Promise<boolean>
}
