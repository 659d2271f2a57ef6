// Reads one revision through the registry: directories by GraphQL, complete entries with hashes, bytes of the version that is meant.
import { checkLogicalKey, type Entry, type ManifestHeader, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { ByteRange, CallOptions, ObjectBody, ObjectLocation, PackageReader, Revision } from '../backend.js'
import { pageOf } from '../cursor.js'
import { exactBody } from '../objects/exact-body.js'
import type { BrowseSessions } from '../registry-api/browse.js'
import { packageFileQuery } from '../registry-api/operations/package-file.js'
import { checkedDirectory, missingPath, registryChildren } from './directory.js'
import { type EntriesDeps, flatMapMax, inBatches, readEntries } from './entries.js'
import type { EntryCache } from './entry-cache.js'
import { noRevision } from './revisions.js'

export interface ReaderDeps extends EntriesDeps {
  readonly browse: BrowseSessions
  readonly cache: EntryCache
}

/** The reader of a revision whose header is known. */
export function revisionReader(
  deps: ReaderDeps,
  { revision, header }: { readonly revision: Revision; readonly header: ManifestHeader },
): PackageReader {
  /** All entries at once: only where there are few, or no other way. */
  const allEntries = async (options: CallOptions): Promise<readonly Entry[]> => {
    const kept = deps.cache.get(revision)
    if (kept !== undefined) return kept
    const batches: (readonly Entry[])[] = []
    for await (const batch of readEntries(deps, revision, options)) batches.push(batch)
    const entries = batches.flat()
    deps.cache.set(revision, entries)
    return entries
  }
  const isSmall = (revision.totalEntries ?? Number.POSITIVE_INFINITY) <= flatMapMax

  return {
    revision,
    header,
    async dir(path, page = {}) {
      const directory = checkedDirectory(path)
      const found = await registryChildren(deps.graphql, { revision, path: directory }, page)
      if (found === undefined) throw await missing(deps, revision, directory, page)
      return pageOf(found, page)
    },
    async entry(logicalKey, options = {}) {
      checkLogicalKey(logicalKey)
      const batches =
        isSmall || deps.cache.get(revision) !== undefined
          ? inBatches(await allEntries(options))
          : readEntries(deps, revision, options)
      for await (const batch of batches) {
        const found = batch.find((entry) => entry.logicalKey === logicalKey)
        if (found !== undefined) return found
      }
      throw await missing(deps, revision, logicalKey, options)
    },
    async *entries(options = {}) {
      if (isSmall || deps.cache.get(revision) !== undefined) yield* inBatches(await allEntries(options))
      else yield* readEntries(deps, revision, options)
    },
    async read(logicalKey, options = {}) {
      checkLogicalKey(logicalKey)
      const location = await locationOf(deps, revision, logicalKey, options)
      if (await deps.credentials.available(options.signal)) return deps.objects.read(location, options)
      return readByBrowsing(deps.browse, { revision, logicalKey, location }, options)
    },
  }
}

async function locationOf(
  deps: ReaderDeps,
  revision: Revision,
  logicalKey: string,
  options: CallOptions,
): Promise<ObjectLocation> {
  const known = deps.cache.get(revision)?.find((entry) => entry.logicalKey === logicalKey)
  const physicalKey = known?.physicalKey ?? (await fileOf(deps, revision, logicalKey, options))
  const parsed = parsePhysicalKey(physicalKey)
  if (parsed.kind === 's3') return { bucket: parsed.bucket, key: parsed.key, versionId: parsed.versionId }
  throw new QuiltError(
    'unsupported',
    `${logicalKey} lies in a file of the machine that made the package, not in a bucket`,
    {
      hint: 'Ask who made the package to push it with its data.',
    },
  )
}

async function fileOf(
  { graphql }: ReaderDeps,
  revision: Revision,
  path: string,
  options: CallOptions,
): Promise<string> {
  const { bucket, name, topHash: hash } = revision
  const found = await graphql.run(packageFileQuery, { bucket, name, hash, path }, options)
  if (!found.package?.revision) throw noRevision(revision, hash)
  const file = found.package.revision.file
  if (file === null) throw await missing({ graphql }, revision, path, options)
  return file.physicalKey
}

function missing(
  { graphql }: Pick<ReaderDeps, 'graphql'>,
  revision: Revision,
  path: string,
  options: CallOptions,
): Promise<QuiltError> {
  return missingPath((directory) => registryChildren(graphql, { revision, path: directory }, options), revision, path)
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
