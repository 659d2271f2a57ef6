// A package as its manifest tells it, wherever that is stored: looks into it by its index, and reads only what it shows.
import {
  type Entry,
  type IndexedChild,
  type Json,
  type ManifestHeader,
  type ManifestIndex,
  openManifest,
  QuiltError,
} from '@quilt-mcp/core'
import type { CallOptions, Page, PageOptions } from '../../call-options.js'
import { pageByOffset } from '../../cursor.js'
import { once } from '../../once.js'
import type { NamedChild } from '../directory.js'
import type { DirItem, RevisionSummary } from '../port.js'
import type { IndexCache, ManifestIdentity } from './index-cache.js'
import { directoryMetaAt, entriesAt, otherLines, type ReadRange } from './manifest-lines.js'
import type { ManifestFacts, ManifestSource } from './manifest-source.js'

/** One manifest. Its functions throw what its source throws; `conflict` when it changes faster than it can be read. */
export interface StoredManifest {
  header(options?: CallOptions): Promise<ManifestHeader>
  summary(options?: CallOptions): Promise<RevisionSummary>
  /** One directory in tree order; undefined when there is none. @param path with or without trailing `/`; empty for the root */
  dir(path: string, page?: PageOptions): Promise<Page<DirItem> | undefined>
  /** The first 100,000 names in a directory, and the given one if it is there. Reads no line. Undefined when there is no such directory. */
  names(path: string, wanted: string, options?: CallOptions): Promise<readonly NamedChild[] | undefined>
  /** Metadata of a directory; undefined when it has none. @param path as for `dir` */
  directoryMeta(path: string, options?: CallOptions): Promise<Json | undefined>
  /** Undefined when there is none. */
  entry(logicalKey: string, options?: CallOptions): Promise<Entry | undefined>
  /** All entries in tree order, whatever the order of the file, in batches. Complete, or ends with an error. */
  entries(options?: CallOptions): AsyncIterable<readonly Entry[]>
}

/** The manifest as it was looked up, with its index. */
interface Look {
  readonly index: ManifestIndex
  readonly readAll: () => Promise<AsyncIterable<Uint8Array>>
  readonly readRange: ReadRange
  /** Forgets both: the manifest has changed, or the index is not its own. */
  readonly drop: () => Promise<void>
}

const mostNames = 100_000
const entriesInBatch = 1_000

/** The manifest of one caller. It is looked up once, at the first use, and again when it turns out to have changed. */
export function storedManifest(source: ManifestSource, indexes: IndexCache): StoredManifest {
  const { registry, topHash } = source
  let facts = once<ManifestFacts>(() => source.info())

  /** Works with the index; an index that does not fit the manifest is dropped and built again, once. */
  const using = async <T>(options: CallOptions, work: (look: Look) => Promise<T>): Promise<T> => {
    for (let again = false; ; again = true) {
      let look: Look | undefined
      try {
        look = await lookAt(await facts(options.signal), options)
        return await work(look)
      } catch (error) {
        if (!isStale(error)) throw error
        facts = once(() => source.info())
        await look?.drop()
        if (again) throw error
      }
    }
  }
  const lookAt = async ({ length, etag }: ManifestFacts, options: CallOptions): Promise<Look> => {
    const identity: ManifestIdentity = { registry, topHash, length, version: etag }
    const index = await indexes.get(identity, (building) => source.read({ ...building, ifMatch: etag }), options)
    const { signal } = options
    return {
      index,
      readAll: () => source.read({ ifMatch: etag, signal }),
      readRange: (range) => source.read({ ifMatch: etag, range, signal }),
      drop: () => indexes.drop(identity, index),
    }
  }

  return {
    header: (options = {}) =>
      using(options, async ({ index, readRange }) => {
        const { offset, length } = index.header
        const { header, close } = await openManifest(await readRange({ first: offset, last: offset + length - 1 }))
        await close()
        return header
      }),
    summary: (options = {}) => using(options, async ({ index }) => index.summary()),
    dir: (path, page = {}) =>
      using(page, async ({ index, readRange }) => {
        if (index.list(path, { limit: 0 }) === undefined) return undefined
        return pageByOffset(page, async (offset, limit) => {
          const listing = index.list(path, { offset, limit })
          if (listing === undefined) throw otherLines()
          const { total, children } = listing
          const files = children.filter((child) => child.kind === 'file')
          const entries = await entriesAt(readRange, files)
          const physicalKeys = new Map(entries.map(({ logicalKey, physicalKey }) => [logicalKey, physicalKey]))
          return { total, items: children.map((child) => shownChild(child, physicalKeys)) }
        })
      }),
    names: (path, wanted, options = {}) => using(options, async ({ index }) => namesIn(index, path, wanted)),
    directoryMeta: (path, options = {}) =>
      using(options, async ({ index, readRange }) => {
        const line = index.directoryLine(path)
        if (line === undefined) return undefined
        const logicalKey = path.endsWith('/') ? path : `${path}/`
        return (await directoryMetaAt(readRange, { logicalKey, line })).meta
      }),
    entry: (logicalKey, options = {}) =>
      using(options, async ({ index, readRange }) => {
        const record = index.find(logicalKey)
        return record && (await entriesAt(readRange, [record]))[0]
      }),
    async *entries(options = {}) {
      const look = await using(options, async (current) => current)
      try {
        yield* allEntries(look, options)
      } catch (error) {
        if (isStale(error)) await look.drop()
        throw error
      }
    },
  }
}

function shownChild(child: IndexedChild, physicalKeys: ReadonlyMap<string, string>): DirItem {
  const { name, logicalKey } = child
  if (child.kind === 'directory') return { kind: 'directory', name, logicalKey, size: child.bytes }
  const physicalKey = physicalKeys.get(logicalKey)
  if (physicalKey === undefined) throw otherLines()
  return { kind: 'file', name, logicalKey, size: child.size, physicalKey }
}

async function* allEntries(look: Look, options: CallOptions) {
  const total = look.index.summary().entries
  let done = 0
  for await (const batch of inFileOrder(look, options)) {
    done += batch.length
    yield batch
  }
  // What is left lies elsewhere in the file than in the tree.
  for (; done < total; done += entriesInBatch) {
    options.signal?.throwIfAborted()
    yield await entriesAt(look.readRange, look.index.entries({ offset: done, limit: entriesInBatch }))
  }
}

/** Entries from the manifest's beginning, as long as they come in tree order. */
async function* inFileOrder({ index, readAll }: Look, { signal, onProgress }: CallOptions) {
  const total = index.summary().entries
  const manifest = await openManifest(await readAll(), { signal })
  let done = 0
  for await (const { entries } of manifest.lines) {
    const expected = index.entries({ offset: done, limit: entries.length })
    if (entries.some(({ logicalKey }, at) => logicalKey !== expected[at]?.logicalKey)) return
    done += entries.length
    onProgress?.({ done, total, message: 'Reading the manifest' })
    if (entries.length > 0) yield entries
  }
  if (done !== total) throw otherLines()
}

function namesIn(index: ManifestIndex, path: string, wanted: string): readonly NamedChild[] | undefined {
  const listing = index.list(path, { limit: mostNames })
  if (listing === undefined || listing.total === listing.children.length) return listing?.children
  if (listing.children.some(({ name }) => name === wanted)) return listing.children
  const key = path === '' ? wanted : `${path}/${wanted}`
  if (index.find(key) !== undefined) return [{ kind: 'file', name: wanted }, ...listing.children]
  if (index.list(key, { limit: 0 }) !== undefined) return [{ kind: 'directory', name: wanted }, ...listing.children]
  return listing.children
}

/** Whether the manifest has changed, or the index is not its own. */
const isStale = (error: unknown): boolean =>
  error instanceof QuiltError && (error.code === 'conflict' || (error.code === 'internal' && error.retryable))
