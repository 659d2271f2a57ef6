// Registries in memory that can be held up and can refuse, and searches over one folder of indexes, each as another process has it.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { manifestKey, parseQuery, pointerKey, QuiltError, type SearchAnswer, type SearchRequest } from '@quilt-mcp/core'
import type { RegistrySource } from '@quilt-mcp/search-index'
import { expect, onTestFinished } from 'vitest'
import type { Buckets } from '../../../backend.js'
import type { CallOptions } from '../../../call-options.js'
import { fileObjects } from '../../../objects/files.js'
import { noBucket } from '../../../packages/revisions.js'
import { type MemoryStore, memoryStore, type StoreCall } from '../../../test/memory-store.js'
import { testFolder } from '../../../test/store-world.js'
import { type EmbeddedSearch, type EmbeddedSearchDeps, embeddedSearch } from '../embedded-search.js'
import { searchSource } from '../search-settings.js'

export interface Lab {
  /** Folder of the indexes. */
  readonly folder: string
  /** Those that are seen. */
  readonly buckets: Buckets
  /** Milliseconds since 1970, until it is set. */
  nowMs: number
  /** The registry of a bucket. Default: `lab-data`. */
  store(bucket?: string): MemoryStore
  /** What the index of a bucket is made from. */
  source(bucket?: string): Promise<RegistrySource>
  /** Adds a revision and points `latest` to it. */
  push(name: string, message: string, bucket?: string): void
  /** Takes a bucket away from those that are seen. */
  hide(bucket: string): void
  /** Makes the registry of `lab-data` wait with answers: all, or those that fit. @returns lets it answer */
  hold(fits?: (call: StoreCall, key: string) => boolean): () => void
  /** Paths of the files that hold indexes. */
  indexFiles(): readonly string[]
  /** Another process. Its searches wait until all is indexed, unless `patienceMs` is given. */
  process(settings?: Partial<EmbeddedSearchDeps>): LabProcess
}

export interface LabProcess extends EmbeddedSearch {
  /** Searches packages, in `lab-data` unless told otherwise. */
  find(query: string, asked?: Partial<SearchRequest>, options?: CallOptions): Promise<SearchAnswer>
}

/** A new one; it goes with the test. */
export function lab(buckets: readonly string[] = ['lab-data']): Lab {
  const folder = testFolder()
  const stores = new Map(buckets.map((name) => [name, memoryStore(`s3://${name}`)]))
  const hidden = new Set<string>()
  const held: (() => void)[] = []
  const releaseAll = (): void => {
    for (const release of held) release()
  }
  const store = (bucket = 'lab-data'): MemoryStore => {
    const found = stores.get(bucket)
    if (found === undefined) throw noBucket(bucket)
    return found
  }
  const objects = fileObjects([...stores].map(([name, store]) => ({ name, root: '/', store })))
  const seen: Buckets = {
    list: async () => ({ items: buckets.filter((name) => !hidden.has(name)).map((name) => ({ name, title: name })) }),
    async get(name) {
      if (hidden.has(name)) throw noBucket(name)
      return { name, title: name }
    },
  }
  const made: Lab = {
    folder,
    buckets: seen,
    nowMs: 1_700_000_000_000,
    store,
    push(name, message, bucket) {
      const text = `${JSON.stringify({ version: 'v0', message })}\n`
      const topHash = createHash('sha256').update(text).digest('hex')
      store(bucket).plant(manifestKey(topHash), text)
      store(bucket).plant(pointerKey(name, 'latest'), topHash)
    },
    source: (bucket = 'lab-data') => searchSource({ bucket, store: store(bucket), objects }, {}),
    hide: (bucket) => void hidden.add(bucket),
    hold(fits = () => true) {
      const gate = new Promise<void>((resolve) => held.push(resolve))
      store().before = (call, key) => (fits(call, key) ? gate : undefined)
      return () => {
        store().before = undefined
        releaseAll()
      }
    },
    indexFiles: () => (existsSync(folder) ? filesBelow(folder) : []),
    process(settings = {}) {
      const search = embeddedSearch({
        freshMs: 1_000,
        patienceMs: 60_000,
        folder,
        buckets: seen,
        who: async () => 'ada',
        urlOf: (bucket) => store(bucket).url,
        sourceOf: (bucket) => made.source(bucket),
        now: () => made.nowMs,
        ...settings,
      })
      onTestFinished(async () => {
        releaseAll()
        await search.close()
      })
      return {
        ...search,
        find: (query, asked = {}, options) =>
          search.search({ scope: 'packages', buckets: ['lab-data'], ...asked, query: parseQuery(query) }, options),
      }
    },
  }
  return made
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.db'))
    .map((name) => join(folder, name))

/** What S3 answers to who may not. */
export const accessDenied = (): QuiltError =>
  new QuiltError('forbidden', 'Listing s3://lab-data: AccessDenied', { hint: 'Ask.', details: { s3: 'AccessDenied' } })

/** What comes of a network that is down. */
export const unreachable = (): QuiltError =>
  new QuiltError('upstream', 'Listing s3://lab-data: it does not answer', { hint: 'Try again.' })

/** Expects something of what is asked again and again: it goes on in the background. */
export const eventually = <T>(ask: () => T) => expect.poll(ask, { interval: 5, timeout: 20_000 })
