// From what a call means to the object itself: what is known of it, and its bytes.
import type { ByteRange, ObjectBody, ObjectInfo, ObjectLocation, Revision } from '@quilt-mcp/backends'
import { type Entry, formatPhysicalKey, parsePhysicalKey, QuiltError } from '@quilt-mcp/core'
import type { ToolContext } from '../../mcp/define-tool.js'
import { openRevision } from '../packages/open-revision.js'
import type { ObjectTarget } from './object-argument.js'

export interface FoundObject {
  /** `s3://bucket/key?versionId=...` or `file:///...`. */
  readonly uri: string
  /** In bytes. */
  readonly size: number
  /** Absent for a file on disk. */
  readonly location?: ObjectLocation
  /** What the store says. Absent for a file of a package: see {@link lookAt}. */
  readonly info?: ObjectInfo
  /** Present for a file of a package. */
  readonly entry?: { readonly revision: Revision; readonly entry: Entry }
  /** The bytes; of a package's file exactly the version that its manifest names. */
  read(range?: ByteRange): Promise<ObjectBody>
}

/** Finds an object. @throws {QuiltError} `not_found`, `forbidden` */
export async function findObject(ctx: ToolContext, target: ObjectTarget): Promise<FoundObject> {
  const { signal } = ctx
  if (target.kind === 'entry') {
    const reader = await openRevision(ctx, target.package)
    const entry = await reader.entry(target.logicalKey, { signal })
    const place = parsePhysicalKey(entry.physicalKey)
    return {
      uri: entry.physicalKey,
      size: entry.size,
      ...(place.kind === 's3' && { location: place }),
      entry: { revision: reader.revision, entry },
      read: (range) => reader.read(target.logicalKey, { signal, range }),
    }
  }
  const info = await ctx.backend.objects.info(target.location, { signal })
  // The version just looked at is the one to read: the object may be replaced in between.
  const { bucket, key, versionId } = info
  const location = { bucket, key, ...(versionId !== undefined && { versionId }) }
  return {
    uri: formatPhysicalKey({ kind: 's3', ...location }),
    size: info.size,
    location,
    info,
    read: (range) => ctx.backend.objects.read(location, { signal, range }),
  }
}

/** What the store says of an object. Undefined for a file on disk, and for a file of a package whose bytes the caller may
 * not look at: the manifest's facts stand alone then. */
export async function lookAt(ctx: ToolContext, found: FoundObject): Promise<ObjectInfo | undefined> {
  if (found.info !== undefined || found.location === undefined) return found.info
  try {
    return await ctx.backend.objects.info(found.location, { signal: ctx.signal })
  } catch (error) {
    if (error instanceof QuiltError && error.code === 'forbidden') return undefined
    throw error
  }
}
