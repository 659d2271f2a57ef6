// Most of a bucket's index as another process of the same user has made it before: the backend finds it, and reads from S3 what is not in it.
// It is made by the product's own parts but for one: the bytes of manifests and pointers come from memory, not one by one over HTTP.
import { type Backend, createHttpClient } from '@quilt-mcp/backends'
import { parsePointerKey, parseQuery } from '@quilt-mcp/core'
import { chainCredentials } from '../../packages/backends/src/credentials/chain.js'
import { s3Objects } from '../../packages/backends/src/objects/s3.js'
import { s3Access } from '../../packages/backends/src/objects/s3-access.js'
import type { RegistryStore } from '../../packages/backends/src/packages/stores/registry-store.js'
import { s3Store } from '../../packages/backends/src/packages/stores/s3-store.js'
import { embeddedSearch } from '../../packages/backends/src/search/embedded/embedded-search.js'
import { searchSource } from '../../packages/backends/src/search/embedded/search-settings.js'
import type { RegistryFile } from './registry-files.js'

export interface ColleagueDeps {
  /** That will search. */
  readonly backend: Backend
  readonly bucket: string
  readonly s3Endpoint: string
  readonly searchFolder: string
  readonly surroundings: { readonly env: Readonly<Record<string, string>>; readonly homeDir: string }
  /** What is in the bucket. */
  readonly files: readonly RegistryFile[]
  /** Packages that were not there yet. */
  readonly isNew: (name: string) => boolean
}

/** Makes the index in the folder where the backend looks for it. */
export async function indexByColleague(deps: ColleagueDeps): Promise<void> {
  const { backend, bucket, s3Endpoint, searchFolder, surroundings } = deps
  const http = createHttpClient()
  const credentials = chainCredentials({ ...surroundings, http, now: Date.now })
  const s3 = s3Access({ credentials, http, endpoint: s3Endpoint, region: async () => 'us-east-1' })
  const store = fromMemory(s3Store({ bucket, s3 }), deps)
  const search = embeddedSearch({
    buckets: backend.buckets,
    folder: searchFolder,
    freshMs: 60_000,
    patienceMs: 600_000,
    now: Date.now,
    who: async () => {
      const { user, role } = await backend.identity()
      return JSON.stringify([user?.name, role])
    },
    urlOf: () => `${s3Endpoint}/${bucket}`,
    sourceOf: () => searchSource({ bucket, store, objects: s3Objects({ s3 }) }, {}),
  })
  try {
    await search.search({ scope: 'packages', query: parseQuery(''), buckets: [bucket], limit: 1 })
  } finally {
    await search.close()
    await http.close()
  }
}

/** The store with its keys and stamps as they are, and with bytes that are at hand. */
function fromMemory(store: RegistryStore, { files, isNew }: Pick<ColleagueDeps, 'files' | 'isNew'>): RegistryStore {
  const known = new Map(files.map(({ key, bytes }) => [key, bytes]))
  const isThere = (key: string): boolean => {
    const pointer = parsePointerKey(key)
    return pointer === undefined || !isNew(pointer.name)
  }
  return {
    ...store,
    async *list(prefix, options) {
      for await (const batch of store.list(prefix, options)) yield batch.filter(({ key }) => isThere(key))
    },
    async read(key) {
      const bytes = known.get(key)
      if (bytes === undefined) return undefined
      const body = (async function* () {
        yield bytes
      })()
      return { size: bytes.byteLength, etag: '', modified: '1970-01-01T00:00:00Z', body }
    },
  }
}
