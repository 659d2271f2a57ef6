// Directories of this machine, and nothing else: packages are manifests on disk, objects are files.
import type { Backend, Bucket, Buckets, SelectionStep } from './backend.js'
import { pageOf } from './cursor.js'
import type { LocalRegistry } from './local-registries.js'
import { fileEntries, type LocalBucket } from './objects/entry-facts-files.js'
import { bucketNamed, fileObjects } from './objects/files.js'
import type { IndexCache } from './packages/indexes/index-cache.js'
import { manifestPackages } from './packages/manifests/manifests.js'
import { dataFiles } from './packages/stores/data-files.js'
import { fileStore } from './packages/stores/file-store.js'
import { embeddedSearch } from './search/embedded/embedded-search.js'
import { noticedWrites } from './search/embedded/noticed-writes.js'
import { localSearchPace, type SearchSettings, searchSource } from './search/embedded/search-settings.js'

export interface LocalOptions extends SearchSettings {
  /** At least one. */
  readonly registries: readonly LocalRegistry[]
  /** Shared by all backends of a process, if given: then a large manifest is indexed once. */
  readonly indexes?: IndexCache | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  readonly trace?: readonly SelectionStep[] | undefined
}

const noVersions =
  'A local registry keeps no versions: when a file is changed or moved, revisions that name it can no longer show what they were made of.'

/** The backend of local registries, each a bucket. Nothing is opened before the first call. */
export function localBackend(options: LocalOptions): Backend {
  const { registries, indexes, now = Date.now, trace } = options
  const buckets = registries.map(
    ({ name, root }): LocalBucket => ({ name, root, store: fileStore({ root, dataOnly: true }) }),
  )
  const objects = fileObjects(buckets)
  const storeOf = (bucket: string) => fileStore({ root: bucketNamed(buckets, bucket).root })
  const search = embeddedSearch({
    ...localSearchPace,
    folder: options.searchFolder,
    buckets: localBuckets(buckets),
    who: async () => 'local',
    urlOf: (bucket) => storeOf(bucket).url,
    sourceOf: (bucket) => searchSource({ bucket, store: storeOf(bucket), objects }, options),
    now,
  })
  const packages = manifestPackages({
    storeOf,
    objects,
    entries: fileEntries(buckets),
    dataFiles: (bucket) => dataFiles(bucketNamed(buckets, bucket).root),
    indexes,
    notesOf: async () => [noVersions],
    now,
  })
  return {
    name: 'local',
    ...(trace === undefined ? {} : { trace }),
    identity: async () => ({ backend: 'local', objectAccess: 'files' }),
    buckets: localBuckets(buckets),
    ...noticedWrites({ objects, packages }, (bucket) => search.changed(bucket)),
    search,
    close: () => search.close(),
  }
}

function localBuckets(buckets: readonly LocalBucket[]): Buckets {
  const told = ({ name, root }: LocalBucket): Bucket => ({ name, title: name, description: `The folder ${root}` })
  return {
    async list(page = {}) {
      page.signal?.throwIfAborted()
      return pageOf(buckets.map(told), page)
    },
    async get(name, { signal } = {}) {
      signal?.throwIfAborted()
      return told(bucketNamed(buckets, name))
    },
  }
}
