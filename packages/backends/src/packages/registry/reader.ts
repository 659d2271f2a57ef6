// Reads one revision of a registry: a small one through the registry itself, a large one by its manifest where the caller may.
import { checkLogicalKey, type Entry, type QuiltError } from '@quilt-mcp/core'
import type { CallOptions } from '../../call-options.js'
import { pageOf } from '../../cursor.js'
import { exactBody } from '../../objects/exact-body.js'
import type { ByteRange, ObjectBody, ObjectLocation } from '../../objects/port.js'
import { entryLocation } from '../../objects/s3-location.js'
import type { BrowseSessions } from '../../registry-api/browse.js'
import { packageFileQuery } from '../../registry-api/operations/package-file.js'
import { checkedDirectory, missingPath, type Names, registryChildren } from '../directory.js'
import type { DirItem, PackageReader, Revision } from '../port.js'
import { noRevision } from '../revisions.js'
import { type EntriesDeps, flatMapMax, inBatches, readEntries } from './entries.js'
import type { EntryCachePart } from './entry-cache.js'
import { type LargeManifestDeps, largeManifest } from './large-manifest.js'
import type { Opening } from './revisions.js'

export interface ReaderDeps extends EntriesDeps, LargeManifestDeps {
  readonly browse: BrowseSessions
  readonly cache: EntryCachePart
}

/** The reader of a revision that the registry has just shown to the caller: what is kept of it is used without asking again. */
export function revisionReader(deps: ReaderDeps, { revision, header }: Opening): PackageReader {
  /** All entries at once: only where there are few, or no other way. */
  const allEntries = (options: CallOptions): Promise<readonly Entry[]> =>
    deps.cache.load(revision, async () => {
      const batches: (readonly Entry[])[] = []
      for await (const batch of readEntries(deps, revision, options)) batches.push(batch)
      return batches.flat()
    })
  /** The children of one directory as the registry tells them. */
  const children = (path: string, options: CallOptions): Promise<readonly DirItem[] | undefined> =>
    deps.cache.loadDirectory(revision, path, () => registryChildren(deps.graphql, { revision, path }, options))
  const { totalEntries } = revision
  const isSmall = (totalEntries ?? Number.POSITIVE_INFINITY) <= flatMapMax
  const manifestOf =
    totalEntries !== undefined && totalEntries > flatMapMax ? largeManifest(deps, revision) : async () => undefined
  const missing = (path: string, options: CallOptions): Promise<QuiltError> => {
    const names: Names = async (directory, wanted) => {
      const manifest = await manifestOf(options)
      return manifest === undefined ? children(directory, options) : manifest.names(directory, wanted, options)
    }
    return missingPath(names, revision, path)
  }
  const fileOf = async (path: string, options: CallOptions): Promise<string> => {
    const known = deps.cache.get(revision)?.find((entry) => entry.logicalKey === path)
    if (known !== undefined) return known.physicalKey
    const manifest = await manifestOf(options)
    const physicalKey =
      manifest === undefined
        ? await registryFile(deps, { revision, path }, options)
        : (await manifest.entry(path, options))?.physicalKey
    if (physicalKey === undefined) throw await missing(path, options)
    return physicalKey
  }

  return {
    revision,
    header,
    async dir(path, page = {}) {
      const directory = checkedDirectory(path)
      const manifest = await manifestOf(page)
      const found = manifest === undefined ? await children(directory, page) : await manifest.dir(directory, page)
      if (found === undefined) throw await missing(directory, page)
      return 'items' in found ? found : pageOf(found, page)
    },
    async entry(logicalKey, options = {}) {
      checkLogicalKey(logicalKey)
      const manifest = await manifestOf(options)
      const entry =
        manifest === undefined
          ? await firstOf(
              isSmall ? inBatches(await allEntries(options)) : readEntries(deps, revision, options),
              logicalKey,
            )
          : await manifest.entry(logicalKey, options)
      if (entry === undefined) throw await missing(logicalKey, options)
      return entry
    },
    async *entries(options = {}) {
      if (isSmall) yield* inBatches(await allEntries(options))
      else yield* readEntries(deps, revision, options)
    },
    async summary(options = {}) {
      return (await manifestOf(options))?.summary(options)
    },
    async read(logicalKey, options = {}) {
      checkLogicalKey(logicalKey)
      const location = entryLocation({ logicalKey, physicalKey: await fileOf(logicalKey, options) })
      if (await deps.credentials.available(options.signal)) return deps.objects.read(location, options)
      return readByBrowsing(deps.browse, { revision, logicalKey, location }, options)
    },
  }
}

async function firstOf(
  batches: Iterable<readonly Entry[]> | AsyncIterable<readonly Entry[]>,
  logicalKey: string,
): Promise<Entry | undefined> {
  for await (const batch of batches) {
    const found = batch.find((entry) => entry.logicalKey === logicalKey)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where a file of a revision lies, as the registry tells it. Undefined when there is no such file. */
async function registryFile(
  { graphql }: ReaderDeps,
  { revision, path }: { readonly revision: Revision; readonly path: string },
  options: CallOptions,
): Promise<string | undefined> {
  const { bucket, name, topHash: hash } = revision
  const found = await graphql.run(packageFileQuery, { bucket, name, hash, path }, options)
  if (!found.package?.revision) throw noRevision(revision, hash)
  return found.package.revision.file?.physicalKey
}

interface BrowsedFile {
  readonly revision: Revision
  readonly logicalKey: string
  readonly location: ObjectLocation
}

async function readByBrowsing(
  browse: BrowseSessions,
  { revision, logicalKey, location }: BrowsedFile,
  { range, signal }: CallOptions & { readonly range?: ByteRange | undefined },
): Promise<ObjectBody> {
  const wanted = range === undefined ? undefined : `bytes=${range.first}-${range.last ?? ''}`
  const { headers, body } = await browse.read(revision, logicalKey, { range: wanted, signal })
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)/.exec(headers['content-range'] ?? '') ?? []
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  const modified = Date.parse(headers['last-modified'] ?? '')
  return {
    ...location,
    size: Number(size ?? length ?? 0),
    ...(Number.isNaN(modified) ? {} : { modified: new Date(modified).toISOString() }),
    ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
    ...(headers.etag === undefined ? {} : { etag: headers.etag.replaceAll('"', '') }),
    body: exactBody(body, { length, name: logicalKey }),
    ...(first === undefined || last === undefined ? {} : { range: { first: Number(first), last: Number(last) } }),
  }
}
