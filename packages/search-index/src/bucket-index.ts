// The index of one registry: a file that can be deleted at any time, and is built again.
import type { Indexing } from '@quilt-mcp/core'
import type Database from 'libsql'
import type { SourceOptions } from './source.js'

export interface RefreshOptions extends SourceOptions {
  /** Told now and then, with what `state` says. */
  readonly onProgress?: ((state: IndexState) => void) | undefined
}

/** How far an index has come. Packages count when their latest revision is in it. */
export interface IndexState {
  /** Absent: all packages are in it, as they were at `packagesAtMs`. */
  readonly packages?: Indexing
  /** When the packages were last complete, milliseconds since 1970. Absent: not yet. */
  readonly packagesAtMs?: number
  /** Pointers to older revisions that have not been read: those can be found when it is 0. */
  readonly revisionsToCome: number
  /** As for packages: of the objects of the bucket. */
  readonly objects?: Indexing
  readonly objectsAtMs?: number
  /** Manifests that could not be read, and why: their packages cannot be found. */
  readonly unreadable: readonly { readonly name: string; readonly why: string }[]
}

/** One index, open. Searching it waits for nothing: it answers with what is in it. */
export interface BucketIndex {
  readonly bucket: string
  /** For searching only: one that is building writes through its own. Ask for it at each search: it is another one when the file was
   * thrown away. */
  readonly db: Database.Database
  /** Brings the packages up to date with the registry: what is unchanged is not read again. One at a time in all processes; who comes
   * second waits for the first and then looks again. @throws what the source throws */
  refreshPackages(options?: RefreshOptions): Promise<IndexState>
  /** The same for the objects of the bucket. */
  refreshObjects(options?: RefreshOptions): Promise<IndexState>
  state(): IndexState
  /** Throws the file away, because searching found it damaged (`isDamage`). The next refresh builds it again. */
  discard(): void
  close(): void
}
