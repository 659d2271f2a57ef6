// Packages of one or two registries in memory. Objects are not looked at: every entry says what it is.
import { parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { EntryObjects } from '../objects/entry-facts.js'
import type { ObjectBody, Objects } from '../objects/port.js'
import { type ManifestPackagesDeps, manifestPackages } from '../packages/manifests/manifests.js'
import type { Packages, PlacedEntry } from '../packages/port.js'
import { noBucket } from '../packages/revisions.js'
import { type MemoryStore, memoryStore } from './memory-store.js'

export interface ManifestWorld {
  readonly packages: Packages
  /** The registry of the bucket `bkt`. */
  readonly store: MemoryStore
  /** The registry of the bucket `other`. */
  readonly other: MemoryStore
}

/** Hash and size of the five bytes `hello` (formats.md 3.7). */
const hello = {
  size: 5,
  hash: { type: 'sha2-256-chunked', value: 'lZXJ35AHUUjrBoYDZd8zWEt1v/eCpRDGzUiDpBmDPVA=' },
} as const

/** An entry of five bytes in the bucket `bkt`. */
export function helloAt(logicalKey: string, key = logicalKey): PlacedEntry {
  return { logicalKey, physicalKey: `s3://bkt/${key}?versionId=v1`, ...hello }
}

/** @param options what differs; by default time stands still on 2026-11-21 at noon */
export function manifestWorld(
  options: Partial<ManifestPackagesDeps> & { readonly versioned?: boolean } = {},
): ManifestWorld {
  const store = memoryStore('s3://bkt')
  const other = memoryStore('s3://other', { versioned: options.versioned ?? true })
  const storeOf = (bucket: string): MemoryStore => {
    const found = { bkt: store, other }[bucket]
    if (found === undefined) throw noBucket(bucket)
    return found
  }
  const packages = manifestPackages({
    storeOf,
    objects: unreadObjects,
    entries: heldEntries(storeOf),
    now: () => Date.parse('2026-11-21T12:00:00Z'),
    ...options,
  })
  return { packages, store, other }
}

const unreadObjects: Pick<Objects, 'read' | 'put'> = {
  put: async ({ bucket, key }) => {
    throw new QuiltError('forbidden', `s3://${bucket}/${key} may not be written`, { hint: 'Ask for the right to.' })
  },
  read: async ({ bucket, key }) => {
    throw new QuiltError('not_found', `There is no s3://${bucket}/${key}`, { hint: 'Make it.' })
  },
}

/** Entries whose bytes lie in the stores, or are said to be `hello`. */
function heldEntries(storeOf: (bucket: string) => MemoryStore): EntryObjects {
  return {
    look: ({ physicalKey, size = hello.size, hash = hello.hash }) => ({ found: { physicalKey, size, hash } }),
    hash: async () => hello.hash,
    async read({ physicalKey }): Promise<ObjectBody> {
      const place = parsePhysicalKey(physicalKey)
      if (place.kind === 'file') throw new Error('no file')
      const found = await storeOf(place.bucket).read(place.key)
      if (found === undefined) throw new QuiltError('not_found', `There is no ${physicalKey}`, { hint: 'Make it.' })
      return { ...found, bucket: place.bucket, key: place.key }
    },
  }
}
