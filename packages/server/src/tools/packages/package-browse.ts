import type { DirItem, PackageReader } from '@quilt-mcp/backends'
import { type Entry, headerMessage, headerUserMeta, headerWorkflow, QuiltError } from '@quilt-mcp/core'
import { z } from 'zod'
import { defineTool, type ToolContext } from '../../mcp/define-tool.js'
import { pageInput, pageOf, pageOutput } from '../../mcp/page.js'
import { untrusted, untrustedJson, untrustedText } from '../../mcp/untrusted.js'
import { shownHash } from '../shown-facts.js'
import { openRevision, revisionUri } from './open-revision.js'
import { type PackageTarget, packageArgument, packageFields, revisionField } from './package-argument.js'
import { decodePinned, encodePinned } from './pinned-cursor.js'
import { shownMetadata } from './shown-metadata.js'

export const packageBrowse = defineTool({
  name: 'package_browse',
  title: 'Browse a package',
  toolset: 'packages',
  access: 'read',
  needs: ['packages'],
  description:
    'Shows a package revision: message, metadata, workflow, totals, and the content of one directory (path; default the root). For the path of a file: its size, hash, metadata and S3 location. Read files with object_read: uri of this result and key = path.',
  input: z.strictObject({
    ...packageFields,
    revision: revisionField(),
    path: z.string().optional(),
    ...pageInput({ limit: 100 }),
  }),
  output: z.object({
    package: z.string(),
    bucket: z.string(),
    top_hash: z.string(),
    uri: z.string(),
    url: z.string().optional(),
    path: z.string(),
    modified: z.string().optional(),
    message: untrustedText().optional(),
    metadata: untrustedJson().optional(),
    workflow: untrustedJson().optional(),
    total_entries: z.int().optional(),
    total_bytes: z.int().optional(),
    extensions: z.array(z.object({ extension: z.string().optional(), entries: z.int(), bytes: z.int() })).optional(),
    items: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['file', 'directory']),
        size: z.int().optional(),
        hash: z.string().optional(),
        physical_key: z.string().optional(),
        metadata: untrustedJson().optional(),
      }),
    ),
    ...pageOutput,
    next: z.array(z.string()),
  }),
  aliases: ['browse_package', 'package_contents'],
  examples: [
    { package: 'study/cells', bucket: 'lab-a' },
    { package: 'quilt+s3://lab-a#package=study/cells&path=data' },
    { package: 'study/cells', bucket: 'lab-a', path: 'data/cells.csv' },
  ],
  async run(ctx, input) {
    const target = packageArgument(input)
    const pinned = input.cursor === undefined ? undefined : decodePinned(input.cursor, 1)
    const revision = pinned?.topHashes[0] ?? target.revision
    const reader = await openRevision(ctx, { ...target, ...(revision !== undefined && { revision }) })
    const facts =
      pinned === undefined
        ? { ...position(ctx, reader, target), ...about(ctx, reader), ...(await counted(ctx, reader, target)) }
        : position(ctx, reader, target)
    const { items, cursor, ...rest } = await itemsAt(ctx, reader, {
      path: target.path ?? '',
      isDirectory: /\/$/.test(input.path ?? ''),
      limit: input.limit,
      cursor: pinned?.cursor,
      budgetChars: Math.max(2_000, (ctx.resultChars ?? 16_000) - JSON.stringify(facts).length),
    })
    return {
      structure: {
        ...facts,
        items,
        ...(cursor !== undefined && { cursor: encodePinned({ topHashes: [reader.revision.topHash], cursor }) }),
        ...rest,
        next: ['object_read', 'package_diff', 'package_update'],
      },
    }
  },
})

/** Where we are: on every page. */
function position(ctx: ToolContext, { revision }: PackageReader, { path = '' }: PackageTarget) {
  const { bucket, name, topHash } = revision
  const url = ctx.links.packageUrl({ bucket, name, topHash, ...(path !== '' && { path }) })
  return {
    package: name,
    bucket,
    top_hash: topHash,
    uri: revisionUri(revision),
    ...(url !== undefined && { url }),
    path,
  }
}

/** What the header says: on the first page only. */
function about(ctx: ToolContext, { header, revision }: PackageReader) {
  const { modified, totalEntries, totalBytes } = revision
  const message = headerMessage(header)
  const [metadata, workflow] = [headerUserMeta(header), headerWorkflow(header)]
  return {
    ...(modified !== undefined && { modified }),
    ...(typeof message === 'string' && { message: untrusted(message) }),
    ...(metadata !== undefined && { metadata: shownMetadata(metadata, ctx) }),
    ...(workflow !== undefined && { workflow: shownMetadata(workflow, ctx) }),
    ...(totalEntries !== undefined && { total_entries: totalEntries }),
    ...(totalBytes !== undefined && { total_bytes: totalBytes }),
  }
}

/** Most of what is in a large package: on the first page of its root only. */
async function counted(ctx: ToolContext, reader: PackageReader, { path = '' }: PackageTarget) {
  const summary = path === '' ? await reader.summary?.({ signal: ctx.signal, onProgress: ctx.onProgress }) : undefined
  if (summary === undefined) return {}
  const { entries, bytes, extensions } = summary
  return { total_entries: entries, total_bytes: bytes, extensions: extensions.slice(0, mostExtensions) }
}

const mostExtensions = 10

interface Listing {
  readonly path: string
  /** Whether the path was written with a trailing slash. */
  readonly isDirectory: boolean
  readonly limit: number
  readonly cursor: string | undefined
  readonly budgetChars: number
}

/** The directory at the path, or the one file that is there. */
async function itemsAt(ctx: ToolContext, reader: PackageReader, listing: Listing) {
  try {
    return await pageOf({
      ...listing,
      fetch: (page) => reader.dir(listing.path, { ...page, signal: ctx.signal, onProgress: ctx.onProgress }),
      render: dirItem,
    })
  } catch (error) {
    const mayBeFile =
      error instanceof QuiltError && error.code === 'not_found' && listing.path !== '' && !listing.isDirectory
    if (!mayBeFile) throw error
    const entry = await reader.entry(listing.path, { signal: ctx.signal, onProgress: ctx.onProgress })
    return { items: [fileItem(ctx, entry)] }
  }
}

const dirItem = (item: DirItem) => ({
  name: item.name,
  type: item.kind,
  ...(item.size !== undefined && { size: item.size }),
})

function fileItem(ctx: ToolContext, { logicalKey, size, hash, physicalKey, meta }: Entry) {
  const shown = shownHash(hash)
  return {
    name: logicalKey.slice(logicalKey.lastIndexOf('/') + 1),
    type: 'file' as const,
    size,
    ...(shown !== undefined && { hash: shown }),
    physical_key: physicalKey,
    ...(meta.size > 0 && { metadata: shownMetadata(meta, ctx) }),
  }
}
